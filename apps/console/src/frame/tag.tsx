/** A short label with a tone. The words carry the meaning; the colour only repeats it. */
import type { ReactNode } from 'react';
import { type Severity, severities, statusOf, type Tone } from '../words/labels.ts';

export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}

export function StatusTag({ status, onHold }: { status: string; onHold: boolean }) {
  const { label, tone } = statusOf(status);
  return (
    <span className="tags">
      <Tag tone={tone}>{label}</Tag>
      {onHold && <Tag tone="watch">On hold</Tag>}
    </span>
  );
}

const signs: Readonly<Record<Severity, string>> = { urgent: '▲', prompt: '◆', routine: '●' };

export function SeverityTag({ severity }: { severity: Severity }) {
  const { label, tone } = severities[severity];
  return (
    <Tag tone={tone}>
      <span aria-hidden="true">{signs[severity]} </span>
      {label}
    </Tag>
  );
}
