/** Every refusal of this package: a stable code and a sentence a person can act on. */
export const randomizationErrors = {
  'seed.length': 'The seed must be exactly 32 bytes from a cryptographic random source.',
  'study.empty': 'Name the study whose allocations are drawn; an empty study id would share draws between studies.',
  'text.malformed': 'Study, stratum and arm names must be well-formed Unicode text without lone surrogates.',
  'step.invalid': 'A step counts the earlier allocations of its stratum: a whole number from 0 to 1,000,000.',
  'arms.tooFew': 'An allocation needs an arm.',
  'arms.duplicate': 'Two arms have the same id; give every arm its own.',
  'arms.emptyId': 'Every arm needs an id that is not empty.',
  'arms.weight': 'An arm weight must be a whole number from 1 to 1,000, so that the ratio is exact.',
  'arms.unknown': 'An allocation names an arm that the design does not have.',
  'blocks.none': 'Permuted blocks need at least one block size.',
  'blocks.duplicate': 'Block sizes are drawn with equal chance; list each size once.',
  'blocks.size': 'A block size must be a whole number, a multiple of the reduced weights in total, and at most 1,000.',
  'bigStick.tolerance': 'The tolerance of the big stick must be a whole number from 1 to 1,000.',
  'bigStick.ratio': 'The reduced allocation ratio of a big stick must not exceed 64 in total; choose smaller weights.',
  'slots.tooMany': 'The reduced allocation ratio must not exceed 64 in total; choose smaller weights.',
  'biasedCoin.chances':
    'A biased coin needs whole chances from 1 to 100, more in favour of the emptier side than against it.',
  'urn.balls': 'An urn starts with 0 to 100 balls of each and gains 1 to 100 at every draw, in whole numbers.',
  'urn.arms': 'An urn gains balls of the arms not drawn, so it needs two arms.',
  'blockUrn.blocks': 'A block urn holds 1 to 100 balanced sets, a whole number.',
  'maximal.ratio': 'The reduced allocation ratio of the maximal procedure must not exceed 6 in total.',
  'maximal.tolerance': 'The tolerance of the maximal procedure must be a whole number from 1 to 20.',
  'maximal.size':
    'The maximal procedure needs its number of allocations in advance: a multiple of the reduced weights in total, at most 600.',
  'minimisation.chances':
    'A minimisation needs whole chances from 1 to 100, more in favour than against; without a chance against, the next arm could be known.',
  'minimisation.distance': 'A minimisation measures distance by range or by variance.',
  'minimisation.factors': 'A minimisation needs 1 to 10 factors, each with an id of its own.',
  'minimisation.weight': 'The weight of a factor must be a whole number from 1 to 100.',
  'factors.level': 'A minimisation needs the level of every factor of the person.',
  'nOf1.arms': 'A trial in one person has one arm; its treatments change from period to period.',
  'nOf1.cycles': 'A trial in one person has 1 to 50 cycles, a whole number.',
  'nOf1.block': 'A cycle holds 2 to 6 treatments, each in at least one period, and at most 12 periods.',
  'selfBlinding.arms': 'The self-blinding schedule has exactly the arms PL, HH and MD with equal weights.',
  'selfBlinding.weeks': 'The self-blinding schedule has exactly 4 dose weeks.',
  'williams.treatments': 'The orders of a crossover are made for 2 to 12 treatments, a whole number.',
  'history.differs': 'The allocations given as history are not those that the seed draws; nothing was allocated.',
  'protocolHash.malformed': 'The protocol hash must be 64 lower-case hexadecimal digits (SHA-256).',
  'simulation.size': 'A simulation needs whole numbers of participants and of runs, each from 1 to 1,000,000.',
} as const;

export type RandomizationErrorCode = keyof typeof randomizationErrors;

export class RandomizationError extends Error {
  override readonly name = 'RandomizationError';
  readonly code: RandomizationErrorCode;
  /** What was met, for the log; never holds the seed. */
  readonly detail: string | undefined;

  constructor(code: RandomizationErrorCode, detail?: string) {
    super(detail === undefined ? randomizationErrors[code] : `${randomizationErrors[code]} (${detail})`);
    this.code = code;
    this.detail = detail;
  }
}
