/** A share of a whole as a bar, with the numbers beside it. */
import { showNumber, showShare } from '../words/dates.ts';

type Part = { readonly label: string; readonly value: number; readonly kind: 'full' | 'half' | 'open' };

export function Meter({
  title,
  whole,
  wholeLabel,
  parts,
}: {
  title: string;
  whole: number;
  wholeLabel: string;
  parts: readonly Part[];
}) {
  const main = parts[0]?.value ?? 0;
  return (
    <div className="meter">
      <p className="meter-head">
        <span className="meter-title">{title}</span>
        <span className="big">{showShare(main, whole)}</span>
      </p>
      <div className="meter-bar" aria-hidden="true">
        {parts.map(({ label, value, kind }) => (
          <svg
            key={label}
            className={`meter-part meter-${kind}`}
            style={{ flexGrow: whole === 0 ? 0 : value / whole }}
          />
        ))}
      </div>
      <dl className="meter-parts">
        {parts.map(({ label, value, kind }) => (
          <div key={label}>
            <dt>
              <i className={`swatch meter-${kind}`} aria-hidden="true" />
              {label}
            </dt>
            <dd>{showNumber(value)}</dd>
          </div>
        ))}
        <div>
          <dt>{wholeLabel}</dt>
          <dd>{showNumber(whole)}</dd>
        </div>
      </dl>
    </div>
  );
}
