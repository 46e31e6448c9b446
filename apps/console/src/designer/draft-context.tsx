/** What every field of the designer reads from and writes to. */
import { formatPath } from '@limen/protocol';
import { createContext, useContext } from 'react';
import type { Remark } from './check.ts';
import { type Path, valueAt } from './value.ts';

export type DraftContext = {
  readonly value: unknown;
  readonly remarks: readonly Remark[];
  /** undefined takes the field away. Writing into one field again and again is one step back. */
  readonly set: (path: Path, value: unknown) => void;
};

const context = createContext<DraftContext | null>(null);
export const DraftProvider = context.Provider;

export function useDraft(): DraftContext {
  const draft = useContext(context);
  if (draft === null) throw new Error('A field of the designer stands outside of it.');
  return draft;
}

export function useField(path: Path) {
  const { value, remarks, set } = useDraft();
  const written = formatPath(path);
  const fault = remarks.find((remark) => remark.path === written && remark.severity === 'error')?.message;
  return { value: valueAt(value, path), set: (next: unknown) => set(path, next), written, fault };
}
