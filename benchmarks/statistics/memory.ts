/**
 * Peak memory of one fit as a multiple of its input: run by `run.ts` in a process of its own with `--expose-gc`.
 * Prints the bytes of the input, and of what the fit had beside it at its largest.
 */
import { fitLinearMixedModel, prepareMmrm } from '@limen/statistics';
import { slopesTrial, visitsTrial } from './data.ts';

const [kind, people, times] = process.argv.slice(2);
const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});
const held = () => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const make = kind === 'mixed' ? slopesTrial : visitsTrial;
make(20, 8);
const before = held();
const data = make(Number(people), Number(times));
const input = held() - before;
const resident = process.memoryUsage().rss;
if (kind === 'mixed') fitLinearMixedModel({ formula: 'score ~ day + (1 + day | participant)', data });
else {
  const formula = 'score ~ baseline * visit + arm * visit';
  prepareMmrm({ formula, data, subject: 'participant', visit: 'visit' }).fit().terms();
}
process.stdout.write(`${input} ${Math.max(0, process.resourceUsage().maxRSS * 1024 - resident)}\n`);
