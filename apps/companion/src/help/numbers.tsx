/** Who can be called: the emergency number and crisis lines of a country, and the study's own contacts. */
import { prefer } from '../page/access.ts';
import { useAppState } from '../page/state.ts';
import { fill, localeNow, words } from '../words/index.ts';
import { type CountryLines, dialOf, helpLines, likelyCountry } from './lines.ts';

export function HelpNumbers({ headings }: { headings: 'h2' | 'h3' }) {
  const { preferences, today } = useAppState();
  const code = preferences.country ?? likelyCountry(navigator.languages);
  const chosen = helpLines.countries.find(({ country }) => country === code);
  const Heading = headings;
  const texts = words().help;
  return (
    <div class="help-numbers">
      <section class="card">
        <Heading>{texts.inDanger}</Heading>
        <label class="label" for="country">
          {texts.whereYouAre}
        </label>
        <select
          id="country"
          value={chosen?.country ?? ''}
          onChange={(event) => void prefer({ ...preferences, country: event.currentTarget.value || null })}
        >
          <option value="">{texts.chooseCountry}</option>
          {countriesByName().map(({ country, name }) => (
            <option key={country} value={country}>
              {name}
            </option>
          ))}
        </select>
        {chosen === undefined ? <p>{texts.callLocal}</p> : <Numbers of={chosen} />}
        <p class="hint">
          {fill(texts.asOf, { date: new Date(helpLines.as_of).toLocaleDateString(localeNow(), { timeZone: 'UTC' }) })}
        </p>
      </section>
      {today === null || today.contacts.length === 0 ? null : (
        <section class="card">
          <Heading>{texts.yourTeam}</Heading>
          <ul class="contacts">
            {today.contacts.map(({ label, phone, hours }) => (
              <li key={label}>
                <Call label={label} phone={phone} hours={hours} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** In the order of their names; other countries of the Union at the end. */
function countriesByName() {
  const named = helpLines.countries.map(({ country }) => ({ country, name: nameOfCountry(country) }));
  const last = ({ country }: { country: string }) => (country === 'EU' ? 1 : 0);
  return named.sort((a, b) => last(a) - last(b) || a.name.localeCompare(b.name, localeNow()));
}

/** As the language of the screen calls it. */
function nameOfCountry(country: string): string {
  if (country === 'EU') return words().help.otherEu;
  return new Intl.DisplayNames(localeNow(), { type: 'region' }).of(country) ?? country;
}

function Numbers({ of: { emergency, lines } }: { of: CountryLines }) {
  return (
    <ul class="contacts">
      <li>
        <Call label={words().help.emergencyNumber} phone={emergency} hours={words().help.dayAndNight} strong />
      </li>
      {lines.map((line) => (
        <li key={line.phone}>
          <Call {...line} hours={line.hours === 'always' ? words().help.dayAndNight : line.hours} />
        </li>
      ))}
    </ul>
  );
}

type CallProps = { label: string; phone?: string | undefined; hours: string; strong?: true };

function Call({ label, phone, hours, strong }: CallProps) {
  const words = (
    <span>
      <b>{label}</b>
      <small>{hours}</small>
    </span>
  );
  if (phone === undefined) return <div class="call">{words}</div>;
  return (
    <a class={strong ? 'call strong' : 'call'} href={dialOf({ phone })}>
      {words}
      <span class="phone">{phone}</span>
    </a>
  );
}
