/**
 * Everything a third party needs to run a released study's analysis again: input, plan, derived data with the entries behind
 * every row, results, report, an R script of the primary analysis, and the hash of each file.
 */
import { datasetsOf, type FlatValue } from './datasets.ts';
import { deriveTables } from './derive.ts';
import { peopleOf } from './endpoint-rows.ts';
import { AnalysisError } from './errors.ts';
import type { OutcomeSpec } from './outcome-spec.ts';
import { primaryScript } from './r-script.ts';
import { joinAllocations, readRelease } from './release.ts';
import type { Results } from './results.ts';
import { analyseStudy, type StudyInput, specOf } from './study.ts';
import { isRecord } from './study-events.ts';
import { software } from './version.ts';

export const bundleFormat = 'limen-bundle/1';

export type Bundle = {
  readonly format: typeof bundleFormat;
  /** Text by name, such as `data/primary.csv`. */
  readonly files: Readonly<Record<string, string>>;
};

/** SHA-256 of a text, hexadecimal. */
export type Digest = (text: string) => string;

/** The same input gives the same bytes. @throws AnalysisError as the analysis does */
export function makeBundle(input: StudyInput, digest: Digest): Bundle {
  const files = filesOf(input);
  const hashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, digest(text)]));
  return { format: bundleFormat, files: { ...files, 'manifest.json': line({ format: bundleFormat, sha256: hashes }) } };
}

export type BundleCheck = { readonly ok: boolean; readonly files: number; readonly findings: readonly string[] };

/**
 * Compares every file with the manifest, runs the analysis again from `input.json`, and compares every file with what it gives.
 * @throws AnalysisError `bundle_malformed`
 */
export function verifyBundle(given: unknown, digest: Digest): BundleCheck {
  const bundle = readBundle(given);
  const { 'manifest.json': manifestText = '', ...files } = bundle.files;
  const manifest: unknown = parsed(manifestText, 'manifest.json');
  const hashes = isRecord(manifest) && isRecord(manifest.sha256) ? manifest.sha256 : malformed('manifest.json');
  const names = [...new Set([...Object.keys(files), ...Object.keys(hashes)])].sort();
  const altered = names.flatMap((name) => {
    const text = files[name];
    if (text === undefined) return [`${name} is named in the manifest and missing.`];
    if (hashes[name] === undefined) return [`${name} is not in the manifest.`];
    return digest(text) === hashes[name] ? [] : [`${name} is not the file of the manifest.`];
  });
  const again = filesOf(readInput(bundle));
  const differing = Object.entries(again).flatMap(([name, text]) =>
    files[name] === text ? [] : [`${name}: the analysis run again gives other bytes.`],
  );
  const findings = [...altered, ...differing];
  return { ok: findings.length === 0, files: names.length, findings };
}

/** @throws AnalysisError `bundle_malformed` */
export function readBundle(given: unknown): Bundle {
  if (!isRecord(given) || given.format !== bundleFormat || !isRecord(given.files)) return malformed(bundleFormat);
  const files = Object.entries(given.files).map(([name, text]): [string, string] => {
    const safe = /^[a-zA-Z0-9-]+(\/[a-zA-Z0-9-]+)?\.[a-zA-Z]+$/.test(name);
    return typeof text === 'string' && safe ? [name, text] : malformed(name);
  });
  return { format: bundleFormat, files: Object.fromEntries(files) };
}

/** What the analysis was run on. @throws AnalysisError `bundle_malformed` */
export function readInput({ files }: Bundle): StudyInput {
  const input: unknown = parsed(files['input.json'] ?? '', 'input.json');
  if (!isRecord(input) || !isRecord(input.protocol) || !Array.isArray(input.participants))
    return malformed('input.json');
  return input as unknown as StudyInput;
}

function malformed(detail: string): never {
  throw new AnalysisError('bundle_malformed', detail);
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return malformed(name);
  }
}

function line(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

function filesOf(input: StudyInput): Record<string, string> {
  const { results, html } = analyseStudy(input);
  const { protocol } = input;
  const tables = joinAllocations(deriveTables(input), readRelease(input.release), protocol);
  const people = peopleOf(tables);
  const specs = protocol.analysis.endpoints.map((endpoint) => specOf(protocol, endpoint, tables, people));
  const primary = specs.find(({ level }) => level === 'primary') ?? specs[0];
  const script = primary === undefined ? null : primaryScript(primary);
  return {
    'README.txt': readme(results, script !== null),
    'input.json': line(input),
    'protocol.json': line(protocol),
    'software.json': line(software),
    'results.json': line(results),
    'report.html': html,
    ...Object.fromEntries(
      datasetsOf(tables).map(({ name, columns, rows }) => [
        `data/${name}.csv`,
        csv([columns.map((column) => column.name), ...rows]),
      ]),
    ),
    ...Object.fromEntries(specs.map((spec) => [`data/endpoint-${spec.id}.csv`, endpointCsv(spec)])),
    ...(primary === undefined || script === null
      ? {}
      : {
          'data/primary.csv': endpointCsv(primary),
          'data/primary-terms.csv': termsCsv(primary, results),
          'primary.R': script,
        }),
  };
}

/** The rows of an endpoint as its model gets them; `events`: the entries of the record behind each. */
function endpointCsv({ rows }: OutcomeSpec): string {
  const names = [...new Set(rows.flatMap(({ covariates }) => Object.keys(covariates)))];
  const head = ['participant', 'visit', 'value', 'condition', 'guess', ...names, 'events'];
  const body = rows.map(({ participant, value, condition, guess, covariates, source }): FlatValue[] => [
    ...[participant, `day ${covariates.day}`, value, condition, guess],
    ...names.map((name) => covariates[name] ?? null),
    (source?.eventIds ?? []).join(' '),
  ]);
  return csv([head, ...body]);
}

function termsCsv({ id }: OutcomeSpec, { outcomes }: Results): string {
  const model = outcomes.find((outcome) => outcome.id === id)?.unadjusted;
  const terms = model?.status === 'fitted' ? model.terms : [];
  return csv([
    ['term', 'estimate', 'standardError'],
    ...terms.map(({ term, estimate, standardError }) => [term, estimate, standardError]),
  ]);
}

/** RFC 4180, with full precision. */
function csv(rows: readonly (readonly FlatValue[])[]): string {
  const cell = (value: FlatValue) => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function readme({ title, study }: Results, withScript: boolean): string {
  return [
    title,
    '',
    `Data locked ${study?.lock.at ?? ''}, lock hash ${study?.lock.hash ?? ''}.`,
    'input.json      the protocol, every participant’s events, the released allocation, the lock',
    'results.json    every number; report.html shows them',
    'data/           derived tables; data/endpoint-*.csv are the rows of each model, with the entries of the record behind them',
    ...(withScript ? ['primary.R       repeats the primary analysis with R: Rscript primary.R'] : []),
    'manifest.json   SHA-256 of every file',
    '',
    'To run the analysis again and compare every byte: limen analyse --bundle BUNDLE.json',
    '',
  ].join('\n');
}
