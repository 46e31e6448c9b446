/** Dispensers and scales: registered by the coordinator, heard over their own signature, revoked. */
import type { CommandOf } from '@limen/conduct';
import { routes } from '@limen/contract';
import { findHolder, listDevices } from '../data/devices.ts';
import { siteExists } from '../data/studies.ts';
import { assertSigned, isPublicKey } from '../devices/signed.ts';
import { recordIdFor } from '../record/ids.ts';
import { forAnyone, forStudy } from '../server/call.ts';
import { problemOf } from '../server/problem.ts';
import { recordStudyAct } from './study-act.ts';

const devices = forStudy(routes.devices, async ({ scope, house }) => {
  const all = await listDevices(house.database, scope.studyId);
  return { devices: all.filter(({ siteId }) => scope.siteId === null || scope.siteId === siteId) };
});

const registerDevice = forStudy(routes.registerDevice, async ({ scope, body, house }) => {
  const { commandId, siteId, kind, name, publicKey } = body;
  const { studyId } = scope;
  const deviceId = recordIdFor(house.deriver, 'device', studyId, commandId);
  const recorded = await recordStudyAct(house, scope, commandId, body, async () => {
    const known = await siteExists(house.database, studyId, siteId);
    if (!known || (scope.siteId !== null && scope.siteId !== siteId))
      throw problemOf('unknown_site', { path: 'siteId' });
    if (!isPublicKey(publicKey)) {
      throw problemOf('invalid_input', { path: 'publicKey', detail: 'This is not a public key of Ed25519.' });
    }
    const all = await listDevices(house.database, studyId);
    if (all.some((device) => device.publicKey === publicKey)) throw problemOf('key_registered', { path: 'publicKey' });
    return { type: 'device.registered', deviceId, siteId, kind, name, publicKey };
  });
  return { ...recorded, deviceId };
});

const revokeDevice = forStudy(routes.revokeDevice, async ({ scope, params, body, house }) => {
  const { deviceId } = params;
  return recordStudyAct(house, scope, body.commandId, { ...body, deviceId }, async () => {
    const all = await listDevices(house.database, scope.studyId);
    const device = all.find((one) => one.deviceId === deviceId);
    if (device === undefined || (scope.siteId !== null && scope.siteId !== device.siteId)) {
      throw problemOf('unknown_device');
    }
    if (device.revokedAt !== null) throw problemOf('already_revoked');
    return { type: 'device.revoked', deviceId, reason: body.reason };
  });
});

/** A dispenser lets out, a scale finds; neither may say the other's. */
const actOf = { dispenser: 'dispensed', scale: 'weighed' } as const;

const deviceEvent = forAnyone(routes.deviceEvent, async ({ params, body, house, request }) => {
  const { studyId, deviceId } = params;
  const all = await listDevices(house.database, studyId);
  const device = all.find((one) => one.deviceId === deviceId) ?? null;
  const { created } = await assertSigned(house, request, studyId, device);
  const study = await house.studies.get(studyId);
  if (device === null || study === null) throw problemOf('device_refused');
  const { eventId, act, kit, units } = body;
  if (act !== actOf[device.kind]) {
    throw problemOf('invalid_input', { path: 'act', detail: `A ${device.kind} says “${actOf[device.kind]}”.` });
  }
  const participantId = await findHolder(house.database, { studyId, siteId: device.siteId, label: kit });
  if (participantId === null) throw problemOf('unknown_kit_here', { path: 'kit' });
  const command: CommandOf<'recordUnits'> = {
    ...{ type: 'recordUnits', commandId: `${deviceId}_${eventId}`, deviceId, act, kit, units },
    device: { occurredAt: body.at, sentAt: new Date(created * 1000).toISOString(), timeZone: 'UTC' },
  };
  const actor = { id: deviceId, role: 'system' } as const;
  const receipt = await house.writer.handle({ study, participantId, actor, now: house.now() }, command);
  return { eventId: receipt.events[0]?.id ?? '', recordedAt: receipt.recordedAt };
});

export const deviceHandlers = { devices, registerDevice, revokeDevice, deviceEvent };
