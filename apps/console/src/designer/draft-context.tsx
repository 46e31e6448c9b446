/** What every field of the designer reads from and writes to. */
import { formatPath, type ProtocolDocument } from '@limen/protocol';
import { createContext, useContext } from 'react';
import type { Remark } from './check.ts';
import { type Path, valueAt } from './value.ts';

export type DraftContext = {
  /** The document as plain JSON; it may be broken. */
  readonly value: unknown;
  readonly remarks: readonly Remark[];
  /** The document, where it can be read as one. */
  readonly protocol: ProtocolDocument | undefined;
  /** One step; undefined takes the field away. */
  readonly set: (path: Path, value: unknown) => void;
  /** Typing: writing into one field again and again is one step; `join` names the field where the path does not. */
  readonly type: (path: Path, value: unknown, join?: string) => void;
  /** The whole document, from a part that changes it in several places. */
  readonly replace: (value: unknown, join?: string) => void;
  /** Shows the field of a path and puts the focus there. */
  readonly show: (path: string, at?: { readonly line: number; readonly column: number }) => void;
};

const context = createContext<DraftContext | null>(null);
export const DraftProvider = context.Provider;

export function useDraft(): DraftContext {
  const draft = useContext(context);
  if (draft === null) throw new Error('A field of the designer stands outside of it.');
  return draft;
}

export function useField(path: Path) {
  const { value, remarks, set, type } = useDraft();
  const written = formatPath(path);
  const here = remarks.filter((remark) => remark.path === written && remark.answer === undefined);
  return {
    value: valueAt(value, path),
    set: (next: unknown) => set(path, next),
    type: (next: unknown) => type(path, next),
    written,
    fault: here.find(({ severity }) => severity === 'error')?.message,
    remark: here.find(({ severity }) => severity !== 'error')?.message,
  };
}
