import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { testKeys } from '../test-house.ts';
import { crockford, idCharacters, normaliseCode, participantIdFor, personalCodeFor, recordIdFor } from './ids.ts';
import { openDeriver } from './keys.ts';

const deriver = openDeriver(testKeys);
const otherDeriver = openDeriver({ ...testKeys, idKey: new Uint8Array(32).fill(9) });

describe('ids', () => {
  it('are the same for the same cause and key, and others for anything else', () => {
    const id = participantIdFor(deriver, 'pilot', 'command-1', 0);
    assert.match(id, /^[0-9A-HJKMNP-TV-Z]{10}$/);
    assert.equal(participantIdFor(deriver, 'pilot', 'command-1', 0), id);
    for (const other of [
      participantIdFor(deriver, 'pilot', 'command-1', 1),
      participantIdFor(deriver, 'pilot', 'command-2', 0),
      participantIdFor(deriver, 'second', 'command-1', 0),
      participantIdFor(otherDeriver, 'pilot', 'command-1', 0),
      recordIdFor(deriver, 'event', 'pilot', 'command-1').slice(0, idCharacters.participant),
    ]) {
      assert.notEqual(other, id);
    }
  });

  it('carry no order of the commands that made them', () => {
    const ids = Array.from({ length: 2_000 }, (_, n) => participantIdFor(deriver, 'pilot', `command-${n}`, 0));
    assert.equal(new Set(ids).size, ids.length);
    const rising = ids.filter((id, index) => index > 0 && id > (ids[index - 1] ?? '')).length;
    assert.ok(Math.abs(rising / ids.length - 0.5) < 0.05, `${rising} of ${ids.length} follow a smaller one`);
  });

  it('hold the leading bits of their bytes, five a character', () => {
    assert.equal(crockford(new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff]), 8), 'ZZZZZZZZ');
    assert.equal(
      crockford(new Uint8Array([0b00001_000, 0b10_00011_0, 0b0100_0010, 0b1_00110_00, 0b111_01000]), 8),
      '12345678',
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const whole = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
        const digits = [...crockford(bytes, 32)].map((letter) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter));
        const read = digits.reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n);
        assert.equal(read, whole);
      }),
    );
  });

  it('of invitations read the same however the code is typed', () => {
    const code = personalCodeFor(deriver, 'pilot', '0123456789');
    assert.equal(code.replaceAll('-', '').length, idCharacters.code);
    const typed = ` ${code.toLowerCase().replaceAll('1', 'i').replaceAll('0', 'o').replaceAll('-', ' ')} `;
    assert.equal(normaliseCode(typed), normaliseCode(code));
  });
});
