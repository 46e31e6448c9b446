/** On the day: what there is to do with one's own envelopes, in one card. */

import { isOver, leftoversChecked, openedIn, stepsDone, weekAt } from '../packing/standing.ts';
import { go } from '../page/route.ts';
import { ownEntries, type State } from '../page/state.ts';
import type { Today } from '../server/answers.ts';

type Todo = { readonly title: string; readonly text: string; readonly button: string; readonly place: string };

/** `date`: today in the participant's zone. */
export function EnvelopeCard({ state, today, date }: { state: State; today: Today; date: string }) {
  const todo = today.selfPacked ? todoOf(state, today, date) : null;
  if (todo === null) return null;
  return (
    <section class="card" aria-label={todo.title}>
      <h2>{todo.title}</h2>
      <p>{todo.text}</p>
      <button type="button" class="primary wide" onClick={() => go(todo.place)}>
        {todo.button}
      </button>
    </section>
  );
}

function todoOf(state: State, { packing }: Today, date: string): Todo | null {
  const entries = ownEntries(state);
  if (packing === null || !stepsDone(packing, entries).includes('sealed')) {
    return {
      title: 'Pack your envelopes',
      text: 'Eight envelopes, prepared once before the first capsule. It takes about an hour.',
      button: packing === null ? 'Begin' : 'Go on',
      place: 'packing',
    };
  }
  const week = weekAt(packing.weeks, date);
  if (week !== null && openedIn(week, entries).length === 0) {
    return {
      title: `Envelope of week ${week.week}`,
      text: 'Scan it before you open it.',
      button: 'Scan the envelope',
      place: 'envelope',
    };
  }
  if (!isOver(packing.weeks, date) || leftoversChecked(packing, entries)) return null;
  return {
    title: 'The leftover envelopes',
    text: 'The capsules are over. Please look at the seal of the leftovers.',
    button: 'Look at the seal',
    place: 'leftovers',
  };
}
