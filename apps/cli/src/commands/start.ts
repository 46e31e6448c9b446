import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { requireFreePort, requireInstallationFolder } from '../folders.ts';
import { untilSignal } from '../house/signal.ts';

export const start: Command = {
  name: 'start',
  summary: 'Start an installation: databases, vault, study server and web apps, on this machine',
  usage: 'start [--folder FOLDER] [--port PORT] [--vault-port PORT]',
  options: {
    folder: { type: 'string', value: 'FOLDER', default: '.limen/installation', help: 'Where everything is kept' },
    port: { type: 'string', value: 'PORT', default: '8080', help: 'Port of the study server on 127.0.0.1' },
    'vault-port': { type: 'string', value: 'PORT', default: '8090', help: 'Port of the vault on 127.0.0.1' },
    verbose: { type: 'boolean', help: 'Show the servers’ log lines' },
  },
  examples: [
    { line: 'start', says: 'First start: prints a setup code for the first-run page' },
    { line: 'start --folder /srv/limen --port 9000', says: 'Another folder and port' },
  ],
  async run(given, terminal) {
    const folder = path.resolve(given.text('folder') ?? '.limen/installation');
    const port = given.whole('port', { min: 0, max: 65_535, otherwise: 8080 });
    const vaultPort = given.whole('vault-port', { min: 0, max: 65_535, otherwise: 8090 });
    const setupCode = randomBytes(9).toString('base64url');
    await requireInstallationFolder(folder);
    await requireFreePort(port);
    await requireFreePort(vaultPort, '--vault-port');
    // Loaded when it runs, so that help and faults of use are answered at once.
    const { startHouse } = await import('../house/house.ts');
    const signal = untilSignal();
    let stopping = false;
    void signal.received.then(() => {
      stopping = true;
      terminal.remark('Stopping…');
    });
    const house = await startHouse({
      folder,
      port,
      vaultPort,
      setupCode,
      say: terminal.remark,
      ...(given.flag('verbose') ? { log: terminal.remark } : {}),
    });
    if (stopping) {
      await house.stop();
      return 130;
    }
    const vaultPages = `${house.vaultAddress}/room`;
    const waiting = await waitingForSetUp(house.address, vaultPages);
    terminal.result({ address: house.address, vaultPages, folder, setupCode: waiting.length > 0 ? setupCode : null });
    if (!terminal.json) {
      terminal.print(`Limen is running at ${terminal.bold(house.address)}`);
      terminal.print(`  phone app   ${house.address}/app/`);
      terminal.print(`  vault       ${vaultPages} (pharmacists, physicians on call, safety board)`);
      terminal.print(`  API         ${house.address}/docs`);
      terminal.print(`  data        ${folder}`);
      if (waiting.length > 0) {
        terminal.print();
        terminal.print(`Open ${waiting.join(' and ')} and set up with this code: ${terminal.bold(setupCode)}`);
      }
      terminal.print('Stop with Ctrl+C.');
    }
    const ended = await Promise.race([signal.received.then(() => null), house.broken]);
    signal.release();
    await house.stop();
    if (ended !== null) throw new Failure('server_ended', `The ${ended} ended unexpectedly; everything was stopped.`);
    return 0;
  },
};

/** The addresses at which nobody has an account yet. */
async function waitingForSetUp(address: string, vaultPages: string): Promise<string[]> {
  const study = (await (await fetch(`${address}/v1/installation`)).json()) as { ready: boolean };
  const door = await fetch(`${vaultPages}/sign-in`, { redirect: 'manual' });
  return [...(study.ready ? [] : [address]), ...(door.status === 303 ? [vaultPages] : [])];
}
