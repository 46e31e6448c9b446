/** Hold rules: which of them a new entry sets off. */
import type { Activity, HoldRule, ProtocolDocument } from './document.ts';
import { ruleOf } from './eligibility.ts';
import { evaluateRule } from './rules.ts';

/** What a hold rule can see. */
export const holdVariables = ['latest', 'baseline', 'flags', 'adverseEvent', 'doses'] as const;

type ScoresByInstrument = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

export type HoldContext = {
  /** Latest scores by instrument id, then score id; those of the triggering submission included. */
  readonly latest: ScoresByInstrument;
  /** First scores, in the same shape. */
  readonly baseline: ScoresByInstrument;
  /** Safety flags of the triggering submission; empty where none was raised. */
  readonly flags: readonly string[];
  /** The adverse event that triggered the evaluation; absent otherwise. */
  readonly adverseEvent?: { readonly grade: number; readonly serious: boolean; readonly ongoing: boolean };
  readonly doses: { readonly taken: number; readonly missed: number };
};

export type TriggeredHold = { readonly rule: HoldRule; readonly explanation: string };

/**
 * The rules that are true, in document order. A rule over a value nobody has given yet is unknown and triggers nothing.
 * @throws ProtocolError `rule_invalid`
 */
export function evaluateHoldRules(protocol: ProtocolDocument, context: HoldContext): TriggeredHold[] {
  return protocol.safety.holdRules.flatMap((rule) => {
    const { verdict, explanation } = evaluateRule(ruleOf(rule.rule, holdVariables), context);
    return verdict === 'true' ? [{ rule, explanation }] : [];
  });
}

/** What skip logic can see. */
export const skipVariables = ['latest', 'baseline', 'doses'] as const;

/**
 * Whether an activity is asked: always without a rule, and wherever its rule is not false. A missing answer hides nothing.
 * @throws ProtocolError `rule_invalid`
 */
export function isAsked({ when }: Pick<Activity, 'when'>, context: HoldContext): boolean {
  return when === undefined || evaluateRule(ruleOf(when, skipVariables), context).verdict !== 'false';
}
