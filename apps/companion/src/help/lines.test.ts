import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages } from '../words/language.ts';
import { dialOf, helpLines, likelyCountry } from './lines.ts';

test('every country has an emergency number and lines that can be dialled, no number twice', () => {
  const codes = helpLines.countries.map(({ country }) => country);
  assert.equal(new Set(codes).size, codes.length);
  for (const { country, emergency, lines } of helpLines.countries) {
    assert.match(emergency, /^\d{3}$/);
    assert.ok(lines.length > 0 || country === 'EU', country);
    const phones = lines.map((line) => dialOf(line));
    assert.ok(
      phones.every((phone) => /^tel:\+?\d{3,15}$/.test(phone)),
      phones.join(),
    );
    assert.equal(new Set(phones).size, phones.length);
  }
});

test('whoever reads the app in a language finds a country where it is spoken', () => {
  for (const { tag } of languages) {
    const region = new Intl.Locale(tag === 'en' ? 'en-GB' : tag === 'pt' ? 'pt-PT' : tag).maximize().region ?? '';
    assert.equal(likelyCountry([`${tag}-${region}`]), region);
  }
  assert.equal(likelyCountry(['en', 'fr-FR']), null);
});
