/** Where two versions differ: in words where both are protocols, as plain texts where one of them is none. */
import { type Amendment, type AmendmentChange, amendment, parseProtocol } from '@limen/protocol';
import { useMemo } from 'react';
import { Scroll } from '../frame/scroll.tsx';
import { Tag } from '../frame/tag.tsx';
import { count } from '../words/dates.ts';

type Props = { readonly before: string; readonly after: string; readonly names: readonly [string, string] };

export function Difference({ before, after, names }: Props) {
  const found = useMemo(() => compare(before, after), [before, after]);
  if (before === after) return <p className="hint">The two are the same, letter by letter.</p>;
  if (found !== null) return <Changes {...found} />;
  return (
    <div className="beside">
      {[before, after].map((text, index) => (
        <div key={names[index]}>
          <h3>{names[index]}</h3>
          <Scroll label={names[index] ?? ''} tall>
            <pre className="whole-text">{text}</pre>
          </Scroll>
        </div>
      ))}
    </div>
  );
}

function compare(before: string, after: string): Amendment | null {
  const [old, young] = [parseProtocol(before), parseProtocol(after)];
  return old.ok && young.ok ? amendment(old.protocol, young.protocol) : null;
}

const forWhom: Readonly<Record<AmendmentChange['concerns'], string>> = {
  everyone: 'Everyone',
  armGiven: 'People who are given it',
  newPeople: 'People yet to come',
  site: 'The site',
  team: 'The team',
  analysis: 'The analysis',
  nobody: 'Nobody in conduct',
};
const fromWhen: Readonly<Record<AmendmentChange['from'], string>> = {
  consent: 'from the day after their new consent',
  nextDay: 'from the day after adoption',
  screening: 'from their screening on',
  atOnce: 'at once',
  analysis: 'when the data are analysed',
  never: '',
};

/** What changes, section by section. */
export function Changes({ changes, reconsent, reasons }: Pick<Amendment, 'changes' | 'reconsent' | 'reasons'>) {
  if (changes.length === 0)
    return <p className="hint">The two say the same; only spaces or the order of fields differ.</p>;
  const bySection = Map.groupBy(changes, ({ path }) => path.split(/[.[]/)[0] ?? '');
  return (
    <div className="changes">
      <p>
        {count(changes.length, 'change')}.{' '}
        {reconsent
          ? `In a running study people would be asked again: ${reasons.join(' ')}`
          : 'In a running study nobody would have to be asked again.'}
      </p>
      {[...bySection].map(([section, list]) => (
        <section key={section} aria-label={section}>
          <h3>{section}</h3>
          <ul className="stack">
            {list.map((change) => (
              <Change key={`${change.kind} ${change.path}`} change={change} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Change({ change }: { change: AmendmentChange }) {
  const { kind, place, before, after, concerns, from, reason, reconsent } = change;
  const when = fromWhen[from];
  return (
    <li>
      <p>
        <Tag tone={reconsent ? 'watch' : 'plain'}>{kind}</Tag> {place}
      </p>
      {typeof before === 'string' && typeof after === 'string' ? (
        <Words before={before} after={after} />
      ) : (
        <>
          {before !== undefined && <Value label="Before" value={before} />}
          {after !== undefined && <Value label="After" value={after} />}
        </>
      )}
      <p className="note">
        {forWhom[concerns]}
        {when === '' ? '' : `, ${when}`}: {reason}
      </p>
    </li>
  );
}

function Value({ label, value }: { label: string; value: unknown }) {
  const text = typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
  return (
    <p>
      <span className="note">{label}:</span>{' '}
      {text.length < 80 ? <code>{text}</code> : <Long text={text} label={label} />}
    </p>
  );
}

function Long({ text, label }: { text: string; label: string }) {
  return (
    <details>
      <summary>{`${text.slice(0, 60).replace(/\s+/g, ' ')}…`}</summary>
      <Scroll label={label} tall>
        <pre className="whole-text">{text}</pre>
      </Scroll>
    </details>
  );
}

/** Two texts as one, with what was taken out and what was put in. */
function Words({ before, after }: { before: string; after: string }) {
  const [old, young] = [before.split(/(\s+)/), after.split(/(\s+)/)];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < young.length - start && old.at(-1 - end) === young.at(-1 - end)) end += 1;
  const cut = (words: readonly string[]) => words.slice(start, words.length - end).join('');
  const near = (words: readonly string[]) => (words.length > 24 ? `… ${words.slice(-24).join('')}` : words.join(''));
  const tail = end === 0 ? [] : old.slice(-end);
  return (
    <p className="prose">
      {near(old.slice(0, start))}
      {cut(old) !== '' && <del>{cut(old)}</del>} {cut(young) !== '' && <ins>{cut(young)}</ins>}
      {tail.length > 24 ? `${tail.slice(0, 24).join('')} …` : tail.join('')}
    </p>
  );
}
