import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { readDocumentText, zoneOf } from './protocol-file.ts';

/** A sample start for the preview; any Monday-to-Sunday week serves, so this one stays the same from run to run. */
const previewFrom = '2027-01-04';

export const protocolCheck: Command = {
  name: 'protocol check',
  summary: 'Check a protocol document: faults with line and path, findings, and what it compiles to',
  usage: 'protocol check FILE [--json]',
  takes: 1,
  options: {
    zone: { type: 'string', value: 'ZONE', default: 'Europe/Amsterdam', help: 'IANA time zone of the preview' },
  },
  examples: [
    { line: 'protocol check protocols/self-blinding-2021.json', says: 'The library’s self-blinding trial' },
    { line: 'protocol check my-trial.json --json', says: 'The same as data, for another program' },
  ],
  async run(given, terminal) {
    const file = given.positionals[0];
    if (!file) throw new Failure('usage', 'Name the protocol file.', 'See: limen protocol check --help');
    // Loaded when it runs, so that help and faults of use are answered at once.
    const { compileCalendar, describeRegimen, findings, nextStartDate, parseProtocol } = await import(
      '@limen/protocol'
    );
    const text = await readDocumentText(file);
    const parsed = parseProtocol(text);
    if (!parsed.ok) {
      for (const fault of parsed.problems) {
        if (!terminal.json)
          terminal.print(`${file}:${fault.line}:${fault.column}  ${fault.path || '(document)'}  ${fault.message}`);
      }
      terminal.result({ valid: false, problems: parsed.problems, findings: [] });
      terminal.remark(
        `${parsed.problems.length} ${parsed.problems.length === 1 ? 'fault' : 'faults'}; the document is not a protocol.`,
      );
      return 1;
    }
    const { protocol } = parsed;
    const found = findings(protocol);
    const errors = found.filter((finding) => finding.severity === 'error').length;
    const zone = zoneOf(given.text('zone') ?? 'UTC');
    const calendar =
      errors === 0
        ? compileCalendar(protocol, {
            startDate: nextStartDate(protocol, previewFrom),
            timeZone: zone,
            drawSeed: 'preview',
          })
        : null;
    const doses = calendar?.occurrences.filter((occurrence) => occurrence.kind === 'dose') ?? [];
    const summary = {
      id: protocol.id,
      version: protocol.version,
      title: protocol.title,
      arms: protocol.arms.map((arm) => arm.label),
      regimen: describeRegimen(protocol.dosing.regimen),
      days: protocol.epochs.reduce((last, epoch) => Math.max(last, epoch.lastDay), 0),
      doses: doses.length,
      activities: (calendar?.occurrences.length ?? 0) - doses.length,
    };
    terminal.result({ valid: errors === 0, problems: [], findings: found, summary });
    if (!terminal.json) {
      terminal.print(terminal.bold(`${protocol.shortTitle} ${protocol.version}`));
      terminal.print(`  arms        ${summary.arms.join(', ')}`);
      terminal.print(`  regimen     ${summary.regimen}`);
      if (calendar) {
        terminal.print(
          `  calendar    ${summary.days} study days, ${summary.doses} capsules, ${summary.activities} other things to do`,
        );
      }
      for (const finding of found) {
        terminal.print(`  ${finding.severity.padEnd(10)}  ${finding.path}  ${finding.message}`);
      }
      terminal.remark(errors === 0 ? 'No errors.' : `${errors} ${errors === 1 ? 'error' : 'errors'}.`);
    }
    return errors === 0 ? 0 : 1;
  },
};
