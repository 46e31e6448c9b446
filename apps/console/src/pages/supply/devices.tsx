/** Dispensers and scales: whose signature counts here, and how one is taken away. */
import { Button, Modal, Select, Table, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { ReasonField } from '../../frame/fields.tsx';
import { Loaded, Panel } from '../../frame/page.tsx';
import { Scroll } from '../../frame/scroll.tsx';
import { Tag } from '../../frame/tag.tsx';
import { type ReplyOf, routes } from '../../server/client.ts';
import { useAnswer } from '../../server/queries.ts';
import { showInstant } from '../../words/dates.ts';
import { useStudy } from '../study-frame.tsx';
import { SupplyForm } from './act-shape.tsx';

type Device = ReplyOf<typeof routes.devices>['devices'][number];
type Sites = ReplyOf<typeof routes.supply>['sites'];

const kinds = { dispenser: 'Dispenser', scale: 'Scale' } as const;

export function Devices({ sites }: { sites: Sites }) {
  const { studyId, may } = useStudy();
  const answer = useAnswer(routes.devices, { params: { studyId } }, { enabled: may(routes.devices) });
  const [asked, setAsked] = useState<'register' | Device | null>(null);
  const close = () => setAsked(null);
  return (
    <Panel
      title="Dispensers and scales"
      hint="A device signs what it counts. It may say how many capsules it let out or found, never what anything weighs."
      aside={
        may(routes.registerDevice) && (
          <Button size="xs" variant="default" onClick={() => setAsked('register')}>
            Register a device
          </Button>
        )
      }
    >
      <Loaded of={answer} height={120}>
        {({ devices }) =>
          devices.length === 0 ? (
            <p className="note">No device is registered. Capsules are counted by hand.</p>
          ) : (
            <DeviceTable devices={devices} revoke={setAsked} />
          )
        }
      </Loaded>
      <Modal opened={asked !== null} onClose={close} title={asked === 'register' ? 'Register a device' : 'Revoke'}>
        {asked === 'register' && <RegisterForm sites={sites} done={close} />}
        {asked !== null && asked !== 'register' && <RevokeForm device={asked} done={close} />}
      </Modal>
    </Panel>
  );
}

function DeviceTable({ devices, revoke }: { devices: readonly Device[]; revoke: (device: Device) => void }) {
  const { may } = useStudy();
  return (
    <Scroll label="Dispensers and scales">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Site</Table.Th>
            <Table.Th>Id</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>
              <VisuallyHidden>What can be done</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {devices.map((device) => (
            <Table.Tr key={device.deviceId}>
              <Table.Th scope="row">{device.name}</Table.Th>
              <Table.Td>{kinds[device.kind]}</Table.Td>
              <Table.Td>{device.siteId}</Table.Td>
              <Table.Td>
                <code>{device.deviceId}</code>
              </Table.Td>
              <Table.Td>
                {device.revokedAt === null ? (
                  <Tag tone="good">Registered</Tag>
                ) : (
                  <Tag tone="watch">Revoked {showInstant(device.revokedAt)}</Tag>
                )}
              </Table.Td>
              <Table.Td>
                {device.revokedAt === null && may(routes.revokeDevice) && (
                  <Button size="xs" variant="default" onClick={() => revoke(device)}>
                    Revoke
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

function RegisterForm({ sites, done }: { sites: Sites; done: () => void }) {
  const [siteId, setSiteId] = useState<string | null>(sites.length === 1 ? (sites[0]?.siteId ?? null) : null);
  const [kind, setKind] = useState<string | null>('dispenser');
  const [name, setName] = useState('');
  const [typedKey, setKey] = useState('');
  const publicKey = typedKey.trim();
  const ready = siteId !== null && kind !== null && name.trim() !== '' && /^[A-Za-z0-9_-]{43}$/.test(publicKey);
  return (
    <SupplyForm
      route={routes.registerDevice}
      body={ready ? { siteId, kind, name: name.trim(), publicKey } : null}
      label="Register"
      said="The device is registered. Give it its id from the table."
      done={done}
    >
      <Select
        label="Site"
        data={sites.map((site) => ({ value: site.siteId, label: site.name }))}
        value={siteId}
        onChange={setSiteId}
        allowDeselect={false}
      />
      <Select
        label="Kind"
        data={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={setKind}
        allowDeselect={false}
      />
      <TextInput
        label="Name"
        description="Where it stands, such as Cupboard 2. Not whose it is"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={100}
        required
        withAsterisk={false}
      />
      <TextInput
        label="Public key"
        description="43 characters, as the device shows it. The private key never leaves the device"
        value={typedKey}
        onChange={(event) => setKey(event.currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
        required
        withAsterisk={false}
      />
    </SupplyForm>
  );
}

function RevokeForm({ device, done }: { device: Device; done: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <SupplyForm
      route={routes.revokeDevice}
      params={{ deviceId: device.deviceId }}
      body={reason.trim().length < 3 ? null : { reason }}
      label="Revoke the device"
      said="The device is revoked. Nothing it signs counts any more."
      done={done}
      danger
    >
      <Text size="sm">
        What “{device.name}” said until now stays in the record. A device that comes back is registered anew, with a new
        key.
      </Text>
      <ReasonField label="Reason" description="Such as lost, stolen or replaced" value={reason} onChange={setReason} />
    </SupplyForm>
  );
}
