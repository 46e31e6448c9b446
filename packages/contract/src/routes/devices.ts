/**
 * Dispensers and scales. What they may say is a count of capsules in a labelled kit. No mass is accepted: capsules of one
 * content may weigh other than capsules of another, so a mass could tell what a kit holds.
 */
import { z } from 'zod';
import { route } from '../route.ts';
import * as s from '../shapes.ts';

const base = '/v1/studies/:studyId/devices';
const tag = 'Devices';
const deviceId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{20}$/);
const params = s.studyParams.extend({ deviceId });
const recorded = z.object({ eventId: z.string(), recordedAt: s.instant });

export const deviceKinds = ['dispenser', 'scale'] as const;

export const devices = route({
  id: 'devices',
  method: 'GET',
  path: base,
  tag,
  summary: 'Dispensers and scales registered at my sites',
  access: { kind: 'study', roles: ['coordinator', 'investigator', 'pharmacist', 'monitor', 'administrator'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({
    devices: z.array(
      z.object({
        deviceId,
        siteId: s.siteId,
        kind: z.enum(deviceKinds),
        name: z.string(),
        publicKey: z.string(),
        registeredAt: s.instant,
        revokedAt: s.instant.nullable(),
      }),
    ),
  }),
});

export const registerDevice = route({
  id: 'registerDevice',
  method: 'POST',
  path: base,
  tag,
  summary: 'Register a dispenser or a scale by its Ed25519 key',
  access: { kind: 'study', roles: ['coordinator'], stepUp: true },
  params: s.studyParams,
  query: s.none,
  body: z.strictObject({
    commandId: s.commandId,
    siteId: s.siteId,
    kind: z.enum(deviceKinds),
    name: z.string().min(1).max(100),
    /** Ed25519, the 32 raw bytes in base64url. */
    publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'an Ed25519 key: 43 characters of base64url'),
  }),
  reply: recorded.extend({ deviceId }),
});

export const revokeDevice = route({
  id: 'revokeDevice',
  method: 'POST',
  path: `${base}/:deviceId/revocation`,
  tag,
  summary: 'Revoke a device: nothing it signs counts from now on',
  access: { kind: 'study', roles: ['coordinator', 'administrator'], stepUp: true },
  params,
  query: s.none,
  body: z.strictObject({ commandId: s.commandId, reason: z.string().min(3).max(1000) }),
  reply: recorded,
});

export const deviceEvent = route({
  id: 'deviceEvent',
  method: 'POST',
  path: `${base}/:deviceId/events`,
  tag,
  summary: 'A signed count from a registered device: capsules let out, or capsules found in a kit. Never a mass',
  access: { kind: 'public' },
  params,
  query: s.none,
  body: z.strictObject({
    /** Made by the device, once per event; sent again, it gives the first receipt again. */
    eventId: z.string().regex(/^[A-Za-z0-9_-]{16,43}$/, '16 to 43 letters, digits, _ or -'),
    act: z.enum(['dispensed', 'weighed']),
    kit: z.string().min(1).max(40),
    units: z.number().int().min(0).max(1000),
    /** When it happened, by the device's clock, UTC. */
    at: z.iso.datetime({ offset: false }),
  }),
  reply: recorded,
});
