import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { demoMark, requireDemoFolder, requireFreePort } from '../folders.ts';
import { untilSignal } from '../house/signal.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'A whole study with virtual participants, through the real servers, in a minute or so',
  usage: 'demo [--participants N] [--seed TEXT] [--exit]',
  options: {
    participants: { type: 'string', value: 'N', default: '191', help: 'How many are randomised' },
    seed: {
      type: 'string',
      value: 'TEXT',
      default: 'limen',
      help: 'The same seed gives the same report, byte for byte',
    },
    folder: { type: 'string', value: 'FOLDER', default: '.limen/demo', help: 'Where it is kept; emptied first' },
    port: { type: 'string', value: 'PORT', default: '8080', help: 'Port on 127.0.0.1; 0 takes a free one' },
    exit: { type: 'boolean', help: 'End when the report is written, instead of staying up' },
    verbose: { type: 'boolean', help: 'Show the servers’ log lines' },
  },
  examples: [
    { line: 'demo', says: '191 participants, ten study weeks; stays up for you to look around' },
    { line: 'demo --participants 24 --seed 7 --exit', says: 'A small one that ends by itself' },
  ],
  async run(given, terminal) {
    const folder = path.resolve(given.text('folder') ?? '.limen/demo');
    const participants = given.whole('participants', { min: 6, max: 20_000, otherwise: 191 });
    const port = given.whole('port', { min: 0, max: 65_535, otherwise: 8080 });
    const seed = given.text('seed') ?? 'limen';
    await requireDemoFolder(folder);
    await requireFreePort(port);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, demoMark), 'Made by limen demo, which empties this folder when it runs again.\n');
    // Loaded when it runs, so that help and faults of use are answered at once.
    const { loginOf, runDemo, summaryLines, teamRoles } = await import('../demo/index.ts');
    const signal = untilSignal();
    const interrupted = new AbortController();
    void signal.received.then(() => {
      terminal.remark('Stopping…');
      interrupted.abort();
    });
    const running = runDemo({
      folder,
      participants,
      port,
      seed,
      terminal,
      verbose: given.flag('verbose'),
      interrupted: interrupted.signal,
    });
    const outcome = await running.catch((error: unknown) => {
      if (interrupted.signal.aborted) return null;
      throw error;
    });
    if (outcome === null) return 130;
    const reportFile = path.join(folder, 'report.html');
    await writeFile(reportFile, outcome.closed.report);
    await writeFile(path.join(folder, 'report.pdf'), outcome.closed.reportPdf);
    await writeFile(path.join(folder, 'results.json'), `${JSON.stringify(outcome.closed.results, null, 2)}\n`);
    await writeFile(path.join(folder, 'archive.ndjson'), outcome.archive);
    await writeFile(path.join(folder, 'allocations.json'), `${JSON.stringify(outcome.closed.release, null, 2)}\n`);
    terminal.result({ ...outcome.summary, report: reportFile, address: outcome.house.address });
    if (!terminal.json) {
      for (const line of summaryLines(outcome, terminal)) terminal.print(line);
      terminal.print();
      terminal.print(`Report     ${reportFile}`);
    }
    const sound = outcome.summary.ledger.ok && outcome.summary.randomisation.ok;
    if (!given.flag('exit')) {
      if (!terminal.json) {
        terminal.print(`Console    ${outcome.house.address}`);
        for (const role of ['administrator', ...teamRoles] as const) {
          const { login, password } = loginOf(role);
          terminal.print(`             ${role.padEnd(14)} ${login.padEnd(26)} ${password}`);
        }
        terminal.print(`Phone app  ${outcome.house.address}/app/#/join?code=${outcome.phoneCode}`);
        terminal.print(`API        ${outcome.house.address}/docs`);
        terminal.print('Stop with Ctrl+C.');
      }
      const ended = await Promise.race([signal.received.then(() => null), outcome.house.broken]);
      if (ended !== null) {
        await outcome.house.stop();
        throw new Failure('server_ended', `The ${ended} ended unexpectedly; everything was stopped.`);
      }
    }
    signal.release();
    await outcome.house.stop();
    return sound ? 0 : 1;
  },
};
