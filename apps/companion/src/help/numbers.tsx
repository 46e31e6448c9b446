/** Who can be called: the emergency number and crisis lines of a country, and the study's own contacts. */
import { prefer } from '../page/access.ts';
import { useAppState } from '../page/state.ts';
import { type CountryLines, dialOf, helpLines, likelyCountry } from './lines.ts';

export function HelpNumbers({ headings }: { headings: 'h2' | 'h3' }) {
  const { preferences, today } = useAppState();
  const code = preferences.country ?? likelyCountry(navigator.languages);
  const chosen = helpLines.countries.find(({ country }) => country === code);
  const Heading = headings;
  return (
    <div class="help-numbers">
      <section class="card">
        <Heading>In danger now</Heading>
        <label class="label" for="country">
          Where you are
        </label>
        <select
          id="country"
          value={chosen?.country ?? ''}
          onChange={(event) => void prefer({ ...preferences, country: event.currentTarget.value || null })}
        >
          <option value="">Choose a country</option>
          {helpLines.countries.map(({ country, name }) => (
            <option key={country} value={country}>
              {name}
            </option>
          ))}
        </select>
        {chosen === undefined ? <p>Call the emergency number of the place where you are.</p> : <Numbers of={chosen} />}
        <p class="hint">
          Numbers as of {new Date(helpLines.as_of).toLocaleDateString()}. They can change; if one does not answer, call
          the emergency number.
        </p>
      </section>
      {today === null || today.contacts.length === 0 ? null : (
        <section class="card">
          <Heading>Your study team</Heading>
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

function Numbers({ of: { emergency, lines } }: { of: CountryLines }) {
  return (
    <ul class="contacts">
      <li>
        <Call label="Emergency number" phone={emergency} hours="Day and night" strong />
      </li>
      {lines.map((line) => (
        <li key={line.phone}>
          <Call {...line} />
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
