/** Receiving a shipment, and what to record when it was too warm or too cold. */
import { Checkbox, Group, NumberInput, Radio, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ReasonField } from '../../frame/fields.tsx';
import { Loaded } from '../../frame/page.tsx';
import { Scroll } from '../../frame/scroll.tsx';
import { type ReplyOf, routes } from '../../server/client.ts';
import { useAnswer } from '../../server/queries.ts';
import { useStudy } from '../study-frame.tsx';
import { SupplyForm } from './act-shape.tsx';

type Shipment = ReplyOf<typeof routes.supply>['shipments'][number];
type Props = { readonly shipment: Shipment; readonly done: () => void };
type Found = 'here' | 'missing' | 'damaged';

const mostKits = 500;

export function ReceiptForm({ shipment, done }: Props) {
  const { studyId } = useStudy();
  const { shipmentId } = shipment;
  const query = { shipment: shipmentId, limit: mostKits };
  const kits = useAnswer(routes.supplyKits, { params: { studyId }, query });
  const [found, setFound] = useState<Readonly<Record<string, Found>>>({});
  const [warm, setWarm] = useState<string | null>(null);
  const [temperature, setTemperature] = useState<Temperature>(blank);
  const labels = kits.data?.kits.map(({ kit }) => kit) ?? [];
  const those = (what: Found) => labels.filter((kit) => found[kit] === what);
  const counted = labels.length > 0 && labels.every((kit) => found[kit] !== undefined);
  const excursion = warm === 'left' ? readTemperature(temperature) : null;
  const ready = counted && warm !== null && (warm === 'kept' || excursion !== null);
  return (
    <SupplyForm
      route={routes.receiveShipment}
      params={{ shipmentId }}
      body={ready ? { missing: those('missing'), damaged: those('damaged'), excursion } : null}
      label="Record the receipt"
      said="The shipment is received."
      done={done}
    >
      <Text size="sm">Read every label off its kit and say what you found. All kits are checked alike.</Text>
      <Loaded of={kits} height={160}>
        {() => (
          <>
            <Checkbox
              label={`All ${labels.length} kits are here and whole`}
              checked={counted && those('here').length === labels.length}
              onChange={(event) =>
                setFound(event.currentTarget.checked ? Object.fromEntries(labels.map((kit) => [kit, 'here'])) : {})
              }
            />
            <Scroll label="Kits of the shipment">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Label</Table.Th>
                    <Table.Th>Found</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {labels.map((kit) => (
                    <Table.Tr key={kit}>
                      <Table.Th scope="row">
                        <code>{kit}</code>
                      </Table.Th>
                      <Table.Td>
                        <Radio.Group
                          aria-label={`Kit ${kit}`}
                          value={found[kit] ?? ''}
                          onChange={(value) => setFound({ ...found, [kit]: value as Found })}
                        >
                          <Group gap="md">
                            <Radio value="here" label="Here" />
                            <Radio value="missing" label="Missing" />
                            <Radio value="damaged" label="Damaged" />
                          </Group>
                        </Radio.Group>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scroll>
          </>
        )}
      </Loaded>
      <Radio.Group
        label="What does the temperature logger show?"
        description={`Storage: ${shipment.storage}`}
        value={warm ?? ''}
        onChange={setWarm}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="kept" label="The range was kept" />
          <Radio value="left" label="The range was left" />
        </Stack>
      </Radio.Group>
      {warm === 'left' && <TemperatureFields value={temperature} onChange={setTemperature} />}
    </SupplyForm>
  );
}

export function ExcursionForm({ shipment, done }: Props) {
  const [temperature, setTemperature] = useState<Temperature>(blank);
  const [reason, setReason] = useState('');
  const read = readTemperature(temperature);
  return (
    <SupplyForm
      route={routes.recordExcursion}
      params={{ shipmentId: shipment.shipmentId }}
      body={read === null || reason.trim().length < 3 ? null : { ...read, reason }}
      label="Keep the shipment back"
      said="The pharmacy has been told; the shipment is kept back until it decides."
      done={done}
    >
      <Text size="sm">
        The whole shipment is kept back until the pharmacy decides, so that nobody can learn anything from which kits
        are.
      </Text>
      <TemperatureFields value={temperature} onChange={setTemperature} />
      <ReasonField label="What happened" value={reason} onChange={setReason} />
    </SupplyForm>
  );
}

type Temperature = { readonly lowest: number | ''; readonly highest: number | ''; readonly hours: number | '' };
const blank: Temperature = { lowest: '', highest: '', hours: '' };

function readTemperature({ lowest, highest, hours }: Temperature) {
  if (lowest === '' || highest === '' || hours === '') return null;
  return { lowestCelsius: lowest, highestCelsius: highest, hours };
}

function TemperatureFields({ value, onChange }: { value: Temperature; onChange: (value: Temperature) => void }) {
  const set = (name: keyof Temperature) => (given: number | string) =>
    onChange({ ...value, [name]: typeof given === 'number' ? given : '' });
  return (
    <Group align="end" grow preventGrowOverflow={false}>
      <NumberInput label="Lowest, °C" value={value.lowest} onChange={set('lowest')} decimalScale={1} />
      <NumberInput label="Highest, °C" value={value.highest} onChange={set('highest')} decimalScale={1} />
      <NumberInput
        label="Hours outside the range"
        value={value.hours}
        onChange={set('hours')}
        min={0}
        decimalScale={1}
      />
    </Group>
  );
}
