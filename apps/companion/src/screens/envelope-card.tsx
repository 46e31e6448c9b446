/** On the day: what there is to do with one's own envelopes, in one card. */

import { isOver, leftoversChecked, openedIn, stepsDone, weekAt } from '../packing/standing.ts';
import { go } from '../page/route.ts';
import { ownEntries, type State } from '../page/state.ts';
import type { Today } from '../server/answers.ts';
import { fill, words } from '../words/index.ts';

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
  const texts = words().envelopes;
  if (packing === null || !stepsDone(packing, entries).includes('sealed')) {
    return {
      title: texts.packTitle,
      text: texts.pack,
      button: packing === null ? texts.begin : texts.goOn,
      place: 'packing',
    };
  }
  const week = weekAt(packing.weeks, date);
  if (week !== null && openedIn(week, entries).length === 0) {
    return {
      title: fill(texts.week, { week: week.week }),
      text: texts.scanFirst,
      button: texts.scan,
      place: 'envelope',
    };
  }
  if (!isOver(packing.weeks, date) || leftoversChecked(packing, entries)) return null;
  return {
    title: texts.leftoversTitle,
    text: texts.leftovers,
    button: texts.lookAtSeal,
    place: 'leftovers',
  };
}
