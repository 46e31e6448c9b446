import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openLimiter } from './limiter.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { openContact, sealContact } from './person.ts';

const wrap = new Uint8Array(32).fill(5);

describe('personal data', () => {
  it('open with the key, in the row they were sealed for, and nowhere else', () => {
    const sealed = sealContact({ name: 'A. Person', email: 'a@example.org' }, wrap, 'pilot/0123456789');
    assert.deepEqual(openContact(sealed, wrap, 'pilot/0123456789'), { name: 'A. Person', email: 'a@example.org' });
    assert.throws(() => openContact(sealed, wrap, 'pilot/9876543210'));
    assert.throws(() => openContact(sealed, new Uint8Array(32).fill(6), 'pilot/0123456789'));
    const bent = Buffer.from(sealed.sealed);
    bent[20] = (bent[20] ?? 0) ^ 1;
    assert.throws(() => openContact({ ...sealed, sealed: bent }, wrap, 'pilot/0123456789'));
    assert.ok(!Buffer.concat([sealed.sealed, sealed.wrappedKey]).includes('Person'));
  });
});

describe('passwords', () => {
  it('are right or wrong, the same for letters composed in another way', async () => {
    const stored = await hashPassword('Käse und Brot am Abend');
    assert.equal(await verifyPassword('Käse und Brot am Abend'.normalize('NFD'), stored), true);
    assert.equal(await verifyPassword('kase und Brot am Abend', stored), false);
    assert.equal(await verifyPassword('anything', null), false);
    assert.notEqual(await hashPassword('Käse und Brot am Abend'), stored);
  });
});

describe('the limiter', () => {
  it('blocks after so many failures, forgets them with time and with a success', () => {
    const clock = { now: 0 };
    const limiter = openLimiter({ failures: 2, windowMs: 1_000, now: () => clock.now });
    limiter.fail('a');
    assert.equal(limiter.blocked('a'), false);
    limiter.fail('a');
    assert.equal(limiter.blocked('a'), true);
    assert.equal(limiter.blocked('b'), false);
    clock.now = 1_001;
    assert.equal(limiter.blocked('a'), false);
    limiter.fail('b');
    limiter.fail('b');
    limiter.clear('b');
    assert.equal(limiter.blocked('b'), false);
  });
});
