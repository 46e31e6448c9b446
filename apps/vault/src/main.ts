/** The process: reads its environment, opens the vault, says when it is ready, stops in order. */
import { startVault } from './server.ts';
import { readSettings } from './settings.ts';

const settings = await readSettings(process.env, process.argv.slice(2));
let setTo = settings.demo?.now ?? null;
const clock = { now: () => setTo ?? new Date().toISOString() };
const log = (line: Record<string, unknown>) => {
  process.stderr.write(`${JSON.stringify({ at: clock.now(), server: 'vault', ...line })}\n`);
};

const vault = await startVault({ ...settings.vault, clock, log });
process.stdout.write(`${JSON.stringify({ ready: true, server: 'vault', address: vault.address, pid: process.pid })}\n`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await vault.close();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
// A parent that is gone cannot stop us any more.
process.on('disconnect', () => void stop());

if (settings.demo !== null) {
  process.on('message', (message: unknown) => {
    const { type, now } = (message ?? {}) as { type?: unknown; now?: unknown };
    if (type !== 'clock' || typeof now !== 'string' || Number.isNaN(Date.parse(now))) return;
    setTo = now;
    process.send?.({ type: 'clock', now });
  });
}
