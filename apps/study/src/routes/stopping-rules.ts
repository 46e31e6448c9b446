/** How the study's stopping rules stand. They are asked of everybody together: no count here knows an arm. */
import type { shapes } from '@limen/contract';
import type { ProtocolDocument, StoppingRule } from '@limen/protocol';
import { betaUpper } from '@limen/statistics';
import type { z } from 'zod';

export type StoppingCounts = {
  readonly exposed: number;
  readonly related_grade_3: number;
  readonly serious: number;
  readonly death: number;
};

type Standing = z.output<typeof shapes.stoppingRuleStanding>;

export function stoppingRulesOf({ safety }: ProtocolDocument, counts: StoppingCounts): Standing[] {
  return (safety.stoppingRules ?? []).map((rule) => standingOf(rule, counts));
}

/** `rate`: Pr(θ > limit | events, exposed) under beta(α, β), by the beta posterior beta(α + events, β + exposed − events). */
function standingOf(rule: StoppingRule, counts: StoppingCounts): Standing {
  const { id, label } = rule;
  const people = { relatedGrade3: counts.related_grade_3, serious: counts.serious, death: counts.death }[rule.event];
  const exposed = Math.max(counts.exposed, people);
  const standing = { id, label, people, exposed };
  if (rule.kind === 'count') {
    return { ...standing, probability: null, threshold: rule.atLeast, met: people >= rule.atLeast };
  }
  const { limit, prior, minimumExposed, probability: threshold } = rule;
  if (exposed < minimumExposed) return { ...standing, probability: null, threshold, met: false };
  const probability = betaUpper(limit, prior.alpha + people, prior.beta + exposed - people);
  return { ...standing, probability, threshold, met: probability > threshold };
}
