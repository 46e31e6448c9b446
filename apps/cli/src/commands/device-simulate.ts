import { readFile, writeFile } from 'node:fs/promises';
import type { Arguments, Command } from '../command.ts';
import { Failure } from '../failure.ts';

export const deviceSimulate: Command = {
  name: 'device simulate',
  summary: 'Be a dose dispenser or a scale: make a key, then sign a count and send it to a study server',
  usage: 'device simulate --key FILE [--server URL --study ID --device ID --act ACT --kit LABEL --units N] [--json]',
  options: {
    key: { type: 'string', value: 'FILE', help: 'The device’s private key; made where there is none' },
    server: { type: 'string', value: 'URL', help: 'Address of the study server' },
    study: { type: 'string', value: 'ID', help: 'The study the device is registered in' },
    device: { type: 'string', value: 'ID', help: 'The id the coordinator was given' },
    act: { type: 'string', value: 'ACT', default: 'dispensed', help: 'dispensed, or weighed for a scale' },
    kit: { type: 'string', value: 'LABEL', help: 'The label of the kit' },
    units: { type: 'string', value: 'N', default: '1', help: 'Capsules let out, or found' },
  },
  examples: [
    { line: 'device simulate --key dispenser.pem', says: 'Shows the public key to register' },
    {
      line: 'device simulate --key dispenser.pem --server http://127.0.0.1:8080 --study pilot --device ID --kit LABEL',
      says: 'Says that one capsule was let out',
    },
  ],
  async run(given, terminal) {
    const file = given.text('key');
    if (file === undefined) throw usage('Name the file of the key.');
    const { makeDeviceKey, readDeviceKey, signDeviceAct } = await import('@limen/study');
    const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    const made = pem === null ? makeDeviceKey() : null;
    if (made !== null) await writeFile(file, made.pem, { mode: 0o600, flag: 'wx' });
    const key = made ?? keyIn(pem ?? '', readDeviceKey);
    const device = given.text('device');
    if (device === undefined) {
      terminal.result({ publicKey: key.publicKey });
      if (!terminal.json) terminal.print(key.publicKey);
      return 0;
    }
    const { server, study, act, kit } = actIn(given);
    const identity = { server, studyId: study, deviceId: device, key, clock: Date.now };
    const units = given.whole('units', { min: 0, max: 1000, otherwise: 1 });
    const { url, init } = signDeviceAct(identity, { act, kit, units });
    const reply = await fetch(url, init).catch(() => {
      throw new Failure('unreachable', `The server at ${server} could not be reached.`, 'Is it running?');
    });
    const answer = (await reply.json()) as { detail?: string };
    if (!reply.ok) throw new Failure('refused', answer.detail ?? `The server answered ${reply.status}.`);
    terminal.result(answer);
    if (!terminal.json) terminal.print(`Recorded: ${act}, ${units} of kit ${kit}.`);
    return 0;
  },
};

const usage = (message: string) => new Failure('usage', message, 'See: limen device simulate --help');

function keyIn<Key>(pem: string, read: (pem: string) => Key): Key {
  try {
    return read(pem);
  } catch {
    throw new Failure('invalid_key', 'The file holds no private key of Ed25519.', 'Name another file, or a new one.');
  }
}

function actIn(given: Arguments) {
  const [server, study, kit, act] = [given.text('server'), given.text('study'), given.text('kit'), given.text('act')];
  if (server === undefined || study === undefined || kit === undefined) {
    throw usage('Name the server, the study and the kit.');
  }
  if (act !== 'dispensed' && act !== 'weighed') throw usage('--act takes dispensed or weighed.');
  return { server: server.replace(/\/$/, ''), study, kit, act } as const;
}
