import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
