/** Room for something wider than the page: it scrolls by itself, with the keyboard too. */
import type { ReactNode } from 'react';

export function Scroll({ label, tall = false, children }: { label: string; tall?: boolean; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard
    <section className={tall ? 'scroll scroll-tall' : 'scroll'} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
