/** The process: reads its environment, starts the server, says when it is ready, stops in order. */
import { readOrCreateKeys } from './record/keys.ts';
import { loadAnalyse } from './release/analyse-with.ts';
import { logTo } from './server/log.ts';
import { readSettings } from './server/settings.ts';
import { startStudyServer } from './server/start.ts';

const settings = readSettings(process.env, process.argv.slice(2));
let setTo = settings.demo?.now == null ? null : Date.parse(settings.demo.now);
const clock = () => setTo ?? Date.now();
const log = logTo(process.stderr, () => new Date(clock()).toISOString());

const server = await startStudyServer({
  ...settings.server,
  keys: await readOrCreateKeys(settings.keysFile, settings.demo?.seed ?? null),
  clock,
  analyse: loadAnalyse(),
  log,
});
process.stdout.write(
  `${JSON.stringify({ ready: true, server: 'study', address: server.address, pid: process.pid })}\n`,
);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await server.close();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
// A parent that is gone cannot stop us any more.
process.on('disconnect', () => void stop());

// Only a demonstration can be told the time; any other process does not even listen.
if (settings.demo !== null) {
  process.on('message', (message: unknown) => {
    const { type, now } = (message ?? {}) as { type?: unknown; now?: unknown };
    if (type !== 'clock' || typeof now !== 'string' || Number.isNaN(Date.parse(now))) return;
    setTo = Date.parse(now);
    process.send?.({ type: 'clock', now });
  });
}
