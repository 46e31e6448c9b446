/** The heading of a screen; takes the focus when the screen appears, so that a screen reader begins there. */
import { useEffect, useRef } from 'preact/hooks';
import { scrollToTop } from './scroll.ts';

export function Title({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · Limen`;
    heading.current?.focus({ preventScroll: true });
    scrollToTop();
  }, [children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
