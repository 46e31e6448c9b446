/** The mark of the house and the signs of the navigation, drawn here so that nothing is loaded for them. */
import type { ReactNode } from 'react';

export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg viewBox="0 0 512 512" width={size} height={size} aria-hidden="true" className="mark">
      <path
        d="M152 376V232a104 104 0 0 1 208 0v144"
        fill="none"
        stroke="currentColor"
        strokeWidth="40"
        strokeLinecap="round"
      />
      <path d="M104 376h304" stroke="currentColor" strokeWidth="40" strokeLinecap="round" />
      <circle cx="256" cy="272" r="34" className="mark-dot" />
    </svg>
  );
}

const paths: Readonly<Record<string, ReactNode>> = {
  studies: <path d="M4 5h16M4 12h16M4 19h10" />,
  overview: <path d="M4 20V10m5 10V4m5 16v-7m5 7V8" />,
  participants: (
    <>
      <circle cx="9" cy="8" r="3.2" />
      <path d="M3 20c.6-4 3-6 6-6s5.4 2 6 6M16 5.2a3 3 0 0 1 0 5.6M18 14.6c1.8.8 2.7 2.7 3 5.4" />
    </>
  ),
  supply: <path d="M4 8l8-4 8 4v8l-8 4-8-4V8Zm0 0 8 4 8-4M12 12v8" />,
  emergency: <path d="M12 4v16M4 12h16" strokeWidth="3" />,
  board: <path d="M4 7h16v10H4V7Zm4 10v3m8-3v3M8 11h8" />,
  safety: <path d="M12 4 3 20h18L12 4Zm0 6v5m0 2.2v.3" />,
  kept: <path d="M4 8h16l-1.5 11h-13L4 8Zm2-3h12M10 12h4" />,
  protocol: <path d="M6 3h9l4 4v14H6V3Zm9 0v4h4M9 12h7M9 16h7" />,
  audit: <path d="M9 7a3 3 0 1 0-4 2.8M15 17a3 3 0 1 0 4-2.8M8 9l8 6M5 12.5V21M19 3v8.5" />,
  release: <path d="M6 11h12v9H6v-9Zm3 0V7.5a3 3 0 0 1 5.8-1" />,
  table: <path d="M4 5h16v14H4V5Zm0 5h16M10 5v14" />,
  accounts: (
    <>
      <circle cx="12" cy="8" r="3.5" />
      <path d="M5 20c.8-4.3 3.4-6.3 7-6.3s6.2 2 7 6.3" />
    </>
  ),
};

export function Sign({ name }: { name: string }) {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="sign">
      {paths[name]}
    </svg>
  );
}
