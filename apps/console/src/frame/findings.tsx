/** What the protocol compiler reports: errors first. */
import { Tag } from './tag.tsx';

type Finding = {
  readonly severity: 'error' | 'warning' | 'advice';
  readonly code: string;
  readonly path: string;
  readonly message: string;
};

const order = ['error', 'warning', 'advice'] as const;
const shown = {
  error: { label: 'Error', tone: 'alarm' },
  warning: { label: 'Warning', tone: 'watch' },
  advice: { label: 'Advice', tone: 'plain' },
} as const;

export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return <p className="hint">No findings: nothing in the document stands out.</p>;
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <ul className="findings">
      {sorted.map(({ severity, code, path, message }) => (
        <li key={`${code} ${path} ${message}`}>
          <Tag tone={shown[severity].tone}>{shown[severity].label}</Tag>
          <div>
            <p>{message}</p>
            {path !== '' && <code>{path}</code>}
          </div>
        </li>
      ))}
    </ul>
  );
}
