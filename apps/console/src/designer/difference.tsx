/** Where two versions differ; as plain texts where one of them is no JSON. */
import { Scroll } from '../frame/scroll.tsx';

export function Difference({
  before,
  after,
  names,
}: {
  before: string;
  after: string;
  names: readonly [string, string];
}) {
  if (before === after) return <p className="hint">The two are the same, letter by letter.</p>;
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
