/** Makes the arms of a crossover: the orders of a Williams square over the chosen interventions. */
import { williamsOrders } from '@limen/randomization';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { itemsOf } from '../choices.ts';
import { useDraft } from '../draft-context.tsx';

const most = 6;

export function CrossoverOrders() {
  const { value, set } = useDraft();
  const interventions = itemsOf(value, 'interventions');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [capsules, setCapsules] = useState('1');
  const treatments = interventions.filter((one) => chosen.includes(one.value));
  const perPeriod = Number(capsules);
  const sound = Number.isInteger(perPeriod) && perPeriod >= 1 && perPeriod <= 200;
  const ready = sound && treatments.length >= 2 && treatments.length <= most;
  const orders = ready ? williamsOrders(treatments.length) : [];
  const toggle = (id: string) =>
    setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  const make = () =>
    set(
      ['arms'],
      orders.map((order, index) => {
        const held = order.map((place) => treatments[place] ?? { value: '', label: '' });
        const names = held.map(({ value: id, label }) => label || id).join(', then ');
        return {
          id: `order-${index + 1}`,
          label: `Order ${index + 1}`,
          weight: 1,
          description: `${names}.`,
          content: {
            kind: 'steps',
            steps: held.map(({ value: id }, period) => ({ fromDose: period * perPeriod + 1, intervention: id })),
          },
        };
      }),
    );
  return (
    <details className="item">
      <summary>
        <span className="item-name">Make the orders of a crossover</span>
      </summary>
      <div className="item-fields fields">
        <p className="hint">
          A Williams square: every treatment stands in every period equally often and follows every other one equally
          often. Everybody gets all treatments; the arms are the orders.
        </p>
        <fieldset className="choices">
          <legend>Treatments, two to six</legend>
          {interventions.map(({ value: id, label }) => (
            <Checkbox key={id} label={label || id} checked={chosen.includes(id)} onChange={() => toggle(id)} />
          ))}
        </fieldset>
        <TextInput
          label="Capsules in each period"
          inputMode="numeric"
          value={capsules}
          error={sound ? undefined : 'A whole number from 1 to 200.'}
          onChange={({ currentTarget }) => setCapsules(currentTarget.value)}
        />
        <p className="hint" aria-live="polite">
          {ready
            ? `${orders.length} orders of ${treatments.length} periods, ${treatments.length * perPeriod} capsules for each person. They take the place of the ${itemsOf(value, 'arms').length} arms of now.`
            : 'Choose the treatments first.'}
        </p>
        <Button size="xs" variant="default" disabled={!ready} onClick={make}>
          Make the orders
        </Button>
      </div>
    </details>
  );
}
