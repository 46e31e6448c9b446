/** Trials drawn from a fixed seed: three in ten leave before the end. */
import { normalQuantile, philox } from '@limen/statistics';

export function visitsTrial(people: number, visits: number) {
  const random = philox(20210302n, 'visits');
  const normal = () => normalQuantile(random.uniform());
  const data = {
    score: [] as number[],
    arm: [] as string[],
    visit: [] as string[],
    participant: [] as string[],
    baseline: [] as number[],
  };
  for (let person = 0; person < people; person += 1) {
    const effect = 3 * normal();
    const baseline = 20 + effect + 2 * normal();
    const last = random.uniform() < 0.3 ? 1 + Math.floor(random.uniform() * visits) : visits;
    let carried = 0;
    for (let visit = 0; visit < last; visit += 1) {
      carried = 0.6 * carried + normal() * (1 + 0.2 * visit);
      data.score.push(20 + effect - visit * (0.6 + 0.5 * (person % 2)) + carried);
      data.arm.push(person % 2 ? 'active' : 'placebo');
      data.visit.push(`v${String(visit + 1).padStart(2, '0')}`);
      data.participant.push(`P${String(person).padStart(5, '0')}`);
      data.baseline.push(baseline);
    }
  }
  return data;
}

export function slopesTrial(people: number, days: number) {
  const random = philox(20210303n, 'slopes');
  const normal = () => normalQuantile(random.uniform());
  const data = { score: [] as number[], day: [] as number[], participant: [] as string[] };
  for (let person = 0; person < people; person += 1) {
    const [level, slope] = [20 + 3 * normal(), 0.05 * normal() - 0.1];
    for (let day = 0; day < days; day += 1) {
      data.score.push(level + slope * day + 2 * normal());
      data.day.push(day);
      data.participant.push(`P${String(person).padStart(5, '0')}`);
    }
  }
  return data;
}
