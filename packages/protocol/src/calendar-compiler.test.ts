import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import { calendarCompiler, compileCalendar, nextStartDate } from './calendar.ts';
import type { ProtocolDocument } from './document.ts';
import { instantText } from './instants.ts';
import { parseProtocol } from './parse.ts';

function read(document: unknown): ProtocolDocument {
  const parsed = parseProtocol(JSON.stringify(document));
  assert.ok(parsed.ok);
  return parsed.protocol;
}
const home = read(everyThirdDay);
const drawn: ProtocolDocument = {
  ...home,
  dosing: { ...home.dosing, regimen: { kind: 'drawn', perWeek: 2, from: ['mon', 'wed', 'fri'] } },
};
const documents = [home, drawn, read(selfBlinding)];
const zones = ['Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'];

test('a compiler gives every person what compiling alone gives, in whatever order people come', () => {
  const person = fc.record({
    start: fc.integer({ min: 0, max: 800 }),
    zone: fc.constantFrom(...zones),
    drawSeed: fc.constantFrom('a', 'b', 'c'),
  });
  for (const protocol of documents) {
    const property = fc.property(fc.array(person, { minLength: 1, maxLength: 6 }), (people) => {
      const compile = calendarCompiler(protocol, 2);
      for (const { start, zone, drawSeed } of people) {
        const from = Temporal.PlainDate.from('2026-01-01').add({ days: start }).toString();
        const options = { startDate: nextStartDate(protocol, from), timeZone: zone, drawSeed };
        assert.deepEqual(compile(options), compileCalendar(protocol, options));
      }
    });
    fc.assert(property, { numRuns: 25 });
  }
});

test('an instant is written as Date writes it', () => {
  const instants = fc.integer({ min: -62_000_000_000_000, max: 253_000_000_000_000 });
  fc.assert(fc.property(instants, (ms) => assert.equal(instantText(ms), new Date(ms).toISOString())));
});
