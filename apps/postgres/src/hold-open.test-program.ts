/** Started by the tests as a process of its own: opens a data folder, says so, and waits to be killed. */
import { startCluster } from './index.ts';

const [dataFolder = '', endWithParent = ''] = process.argv.slice(2);
const cluster = await startCluster({ dataFolder, durable: false, endWithParent: endWithParent === 'end-with-parent' });
process.stdout.write(`${cluster.pid}\n`);
setInterval(() => undefined, 60_000);
