/** The page before the house: signing in and setting up. */
import type { ReactNode } from 'react';
import { Mark } from './marks.tsx';

export function Doorway({ children }: { children: ReactNode }) {
  return (
    <div className="doorway">
      <aside className="doorway-side">
        <p className="brand doorway-brand">
          <Mark size={40} />
          Limen
        </p>
        <p className="doorway-words">
          Where micro-dosing is studied and supervised: one document, one record, and a blind that is measured.
        </p>
        <Arches />
      </aside>
      <main className="doorway-main">{children}</main>
    </div>
  );
}

const radii = [60, 100, 140, 180, 220, 260];

function Arches() {
  return (
    <svg viewBox="0 0 560 320" className="arches" aria-hidden="true">
      {radii.map((radius) => (
        <path
          key={radius}
          d={`M${280 - radius} 320V${290 - 0.1 * radius}a${radius} ${radius} 0 0 1 ${2 * radius} 0V320`}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
        />
      ))}
    </svg>
  );
}
