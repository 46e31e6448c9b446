/** What a temperature logger says of a batch: mean kinetic temperature, and a verdict against its storage range. */
import { PharmacologyError } from './errors.ts';
import { formatNumber } from './quantity.ts';

/** Instants in hours from any origin, ascending. */
export type TemperatureReading = { readonly hours: number; readonly celsius: number };

export type StorageRange = {
  readonly lowerCelsius: number;
  readonly upperCelsius: number;
  /** Passing departures that are allowed while the mean kinetic temperature stays at `upperCelsius` or below. */
  readonly excursion?: { readonly lowerCelsius: number; readonly upperCelsius: number };
  /** Above the excursion's upper limit: up to here, for no more than so long at a time. */
  readonly spike?: { readonly upperCelsius: number; readonly hours: number };
};

/**
 * USP <659>: 20-25 °C, excursions 15-30 °C, spikes to 40 °C of up to 24 hours, mean kinetic temperature up to 25 °C.
 * Give the readings of the thirty days up to and with the excursion (USP <1079.2>): a journey alone has too few hours for it.
 */
export const controlledRoomTemperature = {
  lowerCelsius: 20,
  upperCelsius: 25,
  excursion: { lowerCelsius: 15, upperCelsius: 30 },
  spike: { upperCelsius: 40, hours: 24 },
} as const satisfies StorageRange;

/** USP <659>: a refrigerator. */
export const refrigerated = { lowerCelsius: 2, upperCelsius: 8 } as const satisfies StorageRange;

export type TemperatureVerdict = {
  readonly verdict: 'within' | 'allowed-excursion' | 'outside';
  readonly meanKineticCelsius: number;
  readonly lowestCelsius: number;
  readonly highestCelsius: number;
  readonly hours: number;
  readonly hoursOutside: number;
  /** The longest time between two readings: what happened in it nobody knows. */
  readonly longestGapHours: number;
  readonly explanation: string;
};

/** Heat of activation, kJ/mol, and gas constant: their quotient is 10 000 K (USP <1079.2>; Haynes 1971). */
export const activationKilojoulesPerMole = 83.144;
const gasConstant = 8.3144e-3;
const zeroCelsius = 273.15;

/**
 * Mean kinetic temperature, °C: T = (ΔH/R) / -ln(mean of exp(-ΔH/(R Tᵢ))), readings weighted by the time each stands for,
 * so that a logger that changed its pace is read rightly (Tong & Lock 2015); evenly spaced readings weigh the same, which
 * is the pharmacopoeia's formula. It is no measure of freezing or of light.
 *
 * @throws PharmacologyError `bad-readings`
 */
export function meanKineticTemperature(readings: readonly TemperatureReading[]): number {
  assertReadings(readings);
  const quotient = activationKilojoulesPerMole / gasConstant;
  const weights = hoursOf(readings);
  const hottest = Math.max(...readings.map(({ celsius }) => celsius)) + zeroCelsius;
  // Taken out of the sum, so that no term is lost to underflow.
  const relative = (celsius: number): number => Math.exp(quotient / hottest - quotient / (celsius + zeroCelsius));
  let sum = 0;
  let total = 0;
  for (const [index, { celsius }] of readings.entries()) {
    sum += (weights[index] ?? 0) * relative(celsius);
    total += weights[index] ?? 0;
  }
  return quotient / (quotient / hottest - Math.log(sum / total)) - zeroCelsius;
}

/**
 * `within`: never outside the range. `allowed-excursion`: outside it, within what the range allows in passing.
 * @throws PharmacologyError `bad-readings`
 */
export function temperatureVerdict(readings: readonly TemperatureReading[], range: StorageRange): TemperatureVerdict {
  assertReadings(readings);
  assertRange(range);
  const meanKineticCelsius = meanKineticTemperature(readings);
  const temperatures = readings.map(({ celsius }) => celsius);
  const [lowestCelsius, highestCelsius] = [Math.min(...temperatures), Math.max(...temperatures)];
  const weights = hoursOf(readings);
  const isOutside = (celsius: number): boolean => celsius < range.lowerCelsius || celsius > range.upperCelsius;
  const hoursOutside = readings.reduce(
    (sum, { celsius }, index) => sum + (isOutside(celsius) ? (weights[index] ?? 0) : 0),
    0,
  );
  const gaps = readings.slice(1).map(({ hours }, index) => hours - (readings[index]?.hours ?? hours));
  const verdict = judge(readings, range, meanKineticCelsius);
  const hours = (readings.at(-1)?.hours ?? 0) - (readings[0]?.hours ?? 0);
  return {
    ...{ verdict, meanKineticCelsius, lowestCelsius, highestCelsius, hours, hoursOutside },
    longestGapHours: Math.max(...gaps),
    explanation:
      `${said[verdict]} ${formatNumber(lowestCelsius)} to ${formatNumber(highestCelsius)} °C over ` +
      `${formatNumber(hours)} h, about ${formatNumber(hoursOutside)} h outside ${formatNumber(range.lowerCelsius)} to ` +
      `${formatNumber(range.upperCelsius)} °C; mean kinetic temperature ${meanKineticCelsius.toFixed(1)} °C.`,
  };
}

const said: Readonly<Record<TemperatureVerdict['verdict'], string>> = {
  within: 'Within the storage range.',
  'allowed-excursion': 'An excursion that the storage allows.',
  outside: 'Outside what the storage allows.',
};

function judge(
  readings: readonly TemperatureReading[],
  { lowerCelsius, upperCelsius, excursion, spike }: StorageRange,
  meanKinetic: number,
): TemperatureVerdict['verdict'] {
  const [lower, upper] = [excursion?.lowerCelsius ?? lowerCelsius, excursion?.upperCelsius ?? upperCelsius];
  if (readings.every(({ celsius }) => celsius >= lowerCelsius && celsius <= upperCelsius)) return 'within';
  const most = spike?.upperCelsius ?? upper;
  if (readings.some(({ celsius }) => celsius < lower || celsius > Math.max(most, upper))) return 'outside';
  if (longestAbove(readings, upper) > (spike?.hours ?? 0)) return 'outside';
  return meanKinetic > upperCelsius ? 'outside' : 'allowed-excursion';
}

/** Hours of the longest unbroken stretch above a temperature, reaching to the readings on either side of it. */
function longestAbove(readings: readonly TemperatureReading[], celsius: number): number {
  let longest = 0;
  let began: number | null = null;
  for (const [index, reading] of readings.entries()) {
    if (reading.celsius > celsius) {
      began ??= readings[index - 1]?.hours ?? reading.hours;
      longest = Math.max(longest, (readings[index + 1]?.hours ?? reading.hours) - began);
    } else began = null;
  }
  return longest;
}

/** Half the time to either neighbour; the first and the last stand for as much beyond them as towards their neighbour. */
function hoursOf(readings: readonly TemperatureReading[]): number[] {
  return readings.map(({ hours }, index) => {
    const before = readings[index - 1]?.hours;
    const after = readings[index + 1]?.hours;
    const back = before === undefined ? undefined : hours - before;
    const ahead = after === undefined ? undefined : after - hours;
    return ((back ?? ahead ?? 0) + (ahead ?? back ?? 0)) / 2;
  });
}

function assertReadings(readings: readonly TemperatureReading[]): void {
  const good = readings.every(
    ({ hours, celsius }, index) =>
      Number.isFinite(hours) &&
      Number.isFinite(celsius) &&
      celsius > -zeroCelsius &&
      (index === 0 || hours > (readings[index - 1]?.hours ?? hours)),
  );
  if (!good || readings.length < 2) throw new PharmacologyError('bad-readings', `${readings.length} readings.`);
}

function assertRange({ lowerCelsius, upperCelsius, excursion, spike }: StorageRange): void {
  const allowed = excursion ?? { lowerCelsius, upperCelsius };
  const ordered =
    allowed.lowerCelsius <= lowerCelsius &&
    lowerCelsius < upperCelsius &&
    upperCelsius <= allowed.upperCelsius &&
    (spike === undefined || (spike.upperCelsius >= allowed.upperCelsius && spike.hours >= 0));
  if (!ordered) throw new PharmacologyError('bad-readings', `A range of ${lowerCelsius} to ${upperCelsius} °C.`);
}
