/**
 * How forms are laid out on a phone: which questions share a screen, which numbers stand ready to be tapped, which
 * answers may be given together. It adds no answer of its own: nothing is filled in until the person taps it.
 */
import type { Answers, Instrument, Item } from '@limen/instruments';
import { fill, words } from '../words/index.ts';

/** One tap that answers several questions, all of which are on the same screen and all of which it names. */
export type Together = {
  readonly label: string;
  readonly answers: Answers;
  /** The question it stands below; left out: it stands above the first that it answers. */
  readonly below?: string;
};

type Layout = {
  /** Numbers that can be tapped instead of typed. */
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
  readonly together?: readonly Together[];
  /** Items that begin a new part, with its heading. */
  readonly parts?: Readonly<Record<string, string>>;
  readonly onePerScreen?: true;
};

const layouts: Readonly<Record<string, () => Layout>> = {
  'daily-check-in': () => ({
    numbers: {
      sleepHours: [5, 6, 6.5, 7, 7.5, 8, 9],
      caffeine: [0, 1, 2, 3, 4],
      alcohol: [0, 1, 2, 3],
      nature: [0, 15, 30, 60, 120],
      exercise: [0, 15, 30, 60, 90],
    },
    together: [
      {
        label: words().checkIn.noneOfAll,
        answers: { effects: ['none'], warningSigns: ['none'] },
        below: 'warningSigns',
      },
      {
        label: words().checkIn.nothingElse,
        answers: { alcohol: 0, otherSubstances: ['none'], newMedicine: 'no' },
      },
    ],
    parts: {
      mood: words().checkIn.howYouAre,
      sleepHours: words().checkIn.lastNight,
      effects: words().checkIn.unwanted,
      caffeine: words().checkIn.whatElse,
    },
  }),
  'screening-questionnaire': () => ({ onePerScreen: true }),
};

/** `usualCups`: what was said last of coffee and tea; null where nothing was said. */
export function layoutOf(instrument: Instrument, usualCups: number | null = null): Layout {
  const layout = layouts[instrument.id]?.() ?? {};
  if (instrument.id !== 'daily-check-in') return layout;
  return { ...layout, together: [...(layout.together ?? []), quietDay(usualCups ?? 0)] };
}

/** Everything asked under “What else”, for a day like the last one. Each answer is named on the button. */
function quietDay(caffeine: number): Together {
  const { quietDay: none, usualDay } = words().checkIn;
  return {
    label: caffeine === 0 ? none : fill(usualDay, { cups: caffeine }),
    answers: { caffeine, alcohol: 0, otherSubstances: ['none'], newMedicine: 'no' },
  };
}

/** Forms longer than this are asked a screen at a time. */
const oneScreenSeconds = 60;
const choicesPerScreen = 3;
const ratingsPerScreen = 6;

/** The questions of each screen, in order. */
export function screensOf(instrument: Instrument, shown: readonly Item[]): readonly (readonly Item[])[] {
  if (layoutOf(instrument).onePerScreen) return shown.map((item) => [item]);
  if (instrument.estimatedSeconds <= oneScreenSeconds) return [shown];
  const screens: Item[][] = [];
  for (const item of shown) {
    const last = screens.at(-1);
    const most = item.kind === 'rating' ? ratingsPerScreen : choicesPerScreen;
    if (last !== undefined && last[0]?.kind === item.kind && last.length < most) last.push(item);
    else screens.push([item]);
  }
  return screens;
}
