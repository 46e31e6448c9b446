/** The check of a protocol: what is wrong, what somebody must agree to, what is worth a thought. */
import { findInstrument, type Instrument } from '@limen/instruments';
import type { ProtocolDocument } from './document.ts';
import { checkCare } from './findings/care.ts';
import { checkCrossover } from './findings/crossover.ts';
import { checkDesign } from './findings/design.ts';
import { checkDosing } from './findings/dosing.ts';
import type { CheckContext, Finding } from './findings/finding.ts';
import { dayPlans } from './findings/plan.ts';
import { checkPractice } from './findings/practice.ts';
import { checkReferences } from './findings/references.ts';
import { checkRules } from './findings/rules.ts';
import { checkSchedule } from './findings/schedule.ts';
import { checkSites } from './findings/sites.ts';
import { checkStatistics } from './findings/statistics.ts';
import { checkTitration } from './findings/titration.ts';

export type FindingOptions = {
  /** Where instruments are looked up; by default those of the instruments package. */
  readonly instrument?: (id: string) => Instrument | undefined;
};

const order: readonly Finding['severity'][] = ['error', 'warning', 'advice'];

/**
 * Everything found in a protocol, errors first. Total: a document that breaks every rule still gives a list.
 *
 *     hasErrors(findings(protocol)); // true: compileCalendar may throw, a study must not start
 */
export function findings(protocol: ProtocolDocument, options: FindingOptions = {}): Finding[] {
  const context: CheckContext = { protocol, instrument: options.instrument ?? findInstrument };
  const plans = dayPlans(protocol);
  const found = [
    ...checkReferences(context),
    ...checkSchedule(context, plans),
    ...checkDosing(context, plans),
    ...checkRules(context),
    ...checkDesign(context, plans),
    ...checkCrossover(context),
    ...checkTitration(context),
    ...checkSites(context),
    ...checkStatistics(context, plans),
    ...checkPractice(context, plans),
    ...checkCare(context, plans),
  ];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

export function hasErrors(found: readonly Finding[]): boolean {
  return found.some(({ severity }) => severity === 'error');
}
