import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cookieFor, hashPassword, isForeignOrigin, newToken, openLimiter, tokenOf, verifyPassword } from './index.ts';

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

describe('where a form comes from', () => {
  const host = 'vault.example:8090';
  it('is our own page, an address somebody typed, or a stranger’s page', () => {
    assert.equal(isForeignOrigin({ host }), false);
    assert.equal(isForeignOrigin({ host, origin: `https://${host}` }), false);
    assert.equal(isForeignOrigin({ host, origin: 'https://example.org' }), true);
    assert.equal(isForeignOrigin({ host, origin: 'null' }), true);
    assert.equal(isForeignOrigin({ host, origin: 'null', 'sec-fetch-site': 'same-origin' }), false);
    assert.equal(isForeignOrigin({ host, origin: `https://${host}`, 'sec-fetch-site': 'cross-site' }), true);
    assert.equal(isForeignOrigin({ host, 'sec-fetch-site': 'same-site' }), true);
  });
});

describe('the session cookie', () => {
  it('is found by its own name, so that two servers on one host do not read each other’s', () => {
    const token = newToken();
    const cookie = cookieFor(token, 60, true, 'limen_vault').split(';')[0] ?? '';
    assert.equal(tokenOf({ cookie }, 'limen_vault').token, token);
    assert.equal(tokenOf({ cookie }).token, null);
    assert.match(cookieFor(token, 60, true), /HttpOnly; SameSite=Strict; Max-Age=60; Secure$/);
  });
});
