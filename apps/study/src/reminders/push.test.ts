import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { encryptFor, isPushService, pushHosts, vapidHeader, vapidKeyOf } from './push.ts';

const bytes = (text: string) => Buffer.from(text, 'base64url');

test('a message is encrypted as in RFC 8291, appendix A', () => {
  const keys = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  };
  const own = { salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'), scalar: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw') };
  const plain = Buffer.from('When I grow up, I want to be a watermelon');
  const expected =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
  const sealed = encryptFor({ endpoint: 'https://push.example/x', keys }, plain, own);
  assert.equal(sealed.toString('base64url'), expected);
});

test('the server signs for one push service, for half a day', () => {
  const key = vapidKeyOf(Buffer.alloc(32, 7));
  const header = vapidHeader('https://push.example/send/abc', key, 'mailto:study@clinic.example', 1_000_000);
  const [, head = '', claims = '', signature = '', told] =
    /^vapid t=([^.]+)\.([^.]+)\.([^,]+), k=(.+)$/.exec(header) ?? [];
  assert.equal(told, key.publicKey);
  assert.deepEqual(JSON.parse(bytes(claims).toString()), {
    aud: 'https://push.example',
    exp: 1_000 + 12 * 3600,
    sub: 'mailto:study@clinic.example',
  });
  const point = bytes(key.publicKey);
  const jwk = {
    ...{ kty: 'EC', crv: 'P-256' },
    ...{ x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') },
  };
  const publicKey = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), publicKey, bytes(signature)));
});

test('the server sends to push services of browsers and nowhere else', () => {
  const may = (endpoint: string) => isPushService(endpoint, pushHosts);
  assert.ok(may('https://fcm.googleapis.com/fcm/send/abc'));
  assert.ok(may('https://db5.notify.windows.com/w/?token=abc'));
  for (const endpoint of [
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com:8443/x',
    'https://127.0.0.1/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evilnotify.windows.com.example/x',
  ]) {
    assert.ok(!may(endpoint), endpoint);
  }
});
