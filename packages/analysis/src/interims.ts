/** Boundaries of the plan's interim looks by error spending (Lan and DeMets 1983), and of the analysis at the end. */
import type { ProtocolDocument } from '@limen/protocol';
import { sequentialBoundaries, zOfConditionalPower } from '@limen/statistics';
import type { InterimLook } from './results.ts';

const decisions = {
  efficacy: 'efficacy',
  futility: 'futility',
  both: 'efficacy and futility',
  safety: 'safety',
} as const;
/** Conditional power at which a trend is called faint, as futility is commonly judged (Lan and Wittes 1988). */
export const faintPower = 0.2;
const kinds = { obrienFleming: 'obrien-fleming', pocock: 'pocock' } as const;

/** Looks that decide on efficacy share the error with the end, where information is 1; empty without interim looks. */
export function interimLooks({ analysis: { interims } }: ProtocolDocument): InterimLook[] {
  if (interims === undefined) return [];
  const { looks, spending } = interims;
  const spends = (decides: string) => decides === 'efficacy' || decides === 'both';
  const fractions = looks.filter(({ decides }) => spends(decides)).map(({ information }) => information);
  if (fractions.at(-1) !== 1) fractions.push(1);
  const bounds =
    spending === undefined
      ? []
      : sequentialBoundaries({ fractions, alpha: spending.alpha, sides: 2, spending: { kind: kinds[spending.kind] } });
  const boundAt = (information: number) => bounds.find(({ fraction }) => fraction === information);
  const endZ = boundAt(1)?.z;
  const told = (id: string, information: number, decides: string): InterimLook => {
    const bound = boundAt(information);
    const finite = bound !== undefined && Number.isFinite(bound.z);
    return {
      id,
      information,
      decides,
      z: finite ? bound.z : null,
      nominalP: finite ? 2 * bound.nominal : null,
      spent: bound === undefined ? null : 2 * bound.spent,
      faintZ: endZ === undefined || information >= 1 ? null : zOfConditionalPower(faintPower, information, endZ),
    };
  };
  const planned = looks.map(({ id, information, decides }) => ({
    ...told(id, information, decisions[decides]),
    ...(spends(decides) ? {} : { z: null, nominalP: null, spent: null }),
  }));
  return looks.at(-1)?.information === 1 ? planned : [...planned, told('end', 1, 'the end of the study')];
}
