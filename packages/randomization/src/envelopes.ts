/**
 * The eight weekly envelopes of somebody who packs the own capsules: four with micro-doses, one of each variant, and
 * four with placebo. Four are used, in the order drawn; four stay sealed.
 *
 * Source: Szigeti et al. 2021, eLife 10:e62878. There pairs of envelopes lay in four bigger ones and printed codes led
 * from one to the next; here the vault knows what each token is on, and the draw of the weeks says which are used.
 */
import { type Draws, seededDraws } from './draws.ts';
import { type Content, capsuleDays, type DoseWeek, shuffled, type WeekVariant, weekVariants } from './self-blinding.ts';

export const envelopeCount = 8;

export type Envelope = {
  /** 0 to 3: used in weeks 1 to 4. 4 to 7: stays sealed. */
  readonly slot: number;
  /** Dose week, counted from 1; null where it stays sealed. */
  readonly week: number | null;
  readonly variant: WeekVariant | null;
  /** One capsule a capsule day, in the order of `capsuleDays`. */
  readonly contents: readonly Content[];
};

type Drawn = { readonly seed: Uint8Array; readonly studyId: string; readonly participantId: string };

/**
 * What each slot holds, by the weeks that were drawn for the participant. Which of the rest lies in which of the last
 * four slots follows from the seed too, so that whoever has the seed can draw it again.
 */
export function envelopesOf(weeks: readonly DoseWeek[], { seed, studyId, participantId }: Drawn): readonly Envelope[] {
  const draws = seededDraws(seed, studyId, `envelopes ${participantId}`)('step', 0);
  const used = weeks.map(({ variant }) => variant);
  const kinds = [...used, ...restOf(used, draws)];
  return kinds.map((variant, slot) => ({
    slot,
    week: slot < weeks.length ? slot + 1 : null,
    variant,
    contents: capsuleDays.map((day): Content => (holds(variant, day) ? 'MD' : 'PL')),
  }));
}

/** What was filled and is not used: a participant fills all four variants and four weeks of placebo, whatever is drawn. */
function restOf(used: readonly (WeekVariant | null)[], draws: Draws): (WeekVariant | null)[] {
  const variants = (Object.keys(weekVariants) as WeekVariant[]).filter((variant) => !used.includes(variant));
  const placebo = envelopeCount - used.length - variants.length;
  return shuffled([...variants, ...Array<null>(placebo).fill(null)], draws);
}

const holds = (variant: WeekVariant | null, day: (typeof capsuleDays)[number]): boolean =>
  variant !== null && (weekVariants[variant] as readonly string[]).includes(day);
