/** The study document: schema, parser, calendar, rules, findings. */

export { armContent as armContentSchema, procedure as procedureSchema } from './allocation-sections.ts';
export { describeAllocation } from './allocation-words.ts';
export {
  type Amendment,
  type AmendmentChange,
  type AmendmentProblem,
  amendment,
  amendmentProblems,
  amendmentProblemsOf,
  documentChanges,
} from './amendment.ts';
export { answerTo, unanswered } from './answers.ts';
export * from './calendar.ts';
export * from './calendar-types.ts';
export { compareVersions, newestConsent } from './consent.ts';
export * from './contents.ts';
export { visitCovariances } from './design-sections.ts';
export * from './document.ts';
export { formatPath } from './document-path.ts';
export * from './eligibility.ts';
export {
  codeCharacters,
  readShortCode,
  readToken,
  shortCodeOf,
  tokenBytes,
  tokenCharacters,
  tokenOfBytes,
  tokenPattern,
} from './envelope-code.ts';
export { errorCodes, ProtocolError, type ProtocolErrorCode } from './errors.ts';
export * from './factors.ts';
export { selfBlindingArmIds } from './findings/allocation.ts';
export { consentTopics, modelColumns } from './findings/design.ts';
export { exposureLimits } from './findings/dosing.ts';
export { type Finding, type FindingCode, findingCodes } from './findings/finding.ts';
export { type FindingOptions, findings, hasErrors } from './findings.ts';
export * from './hold-rules.ts';
export { escapeText, html, idOf, Markup, type Part } from './html.ts';
export { type ICalendarOptions, icalendar } from './icalendar.ts';
export { protocolJsonSchema } from './json-schema.ts';
export * from './jurisdictions.ts';
export { type Interactions, interactionsOf, type MedicineEntry, medicineEntry } from './medication.ts';
export { type ParseProblem, type ParseProblemCode, type ParseResult, parseLimits, parseProtocol } from './parse.ts';
export { isDrawn, type RegimenScope, regimenDays, weekdayAfter } from './regimen.ts';
export { describeRegimen } from './regimen-words.ts';
export { type ReliableThreshold, reliableThreshold } from './reliable-change.ts';
export { type ReportingItem, reportingItems } from './reporting.ts';
export type { RuleContext } from './rule-evaluation.ts';
export type { RuleProblem, RuleProblemCode } from './rule-syntax.ts';
export { unitNames } from './rule-units.ts';
export {
  type CompiledRule,
  compileRule,
  evaluateRule,
  type RuleCompilation,
  type RuleResult,
  type RuleVerdict,
} from './rules.ts';
export type { Says, Synopsis, SynopsisBlock, SynopsisSection } from './synopsis.ts';
export { synopsisHtml, synopsisOf } from './synopsis.ts';
export * from './versions.ts';
