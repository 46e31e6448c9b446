/** What an act of a site changes, or why it cannot be. Pure; a reason is for the trail alone. */

import type { KitAct } from '../protocol-kits.ts';
import type { Account, Capsules, EntryKind } from '../register/entry.ts';
import type { Kit, KitChange } from './kits.ts';
import type { Shipment } from './shipments.ts';

/** A kit with the batch of every capsule, in the order of the doses; empty where the register does not have it. */
export type KnownKit = Kit & { readonly batches: readonly string[] };

/** What is known of the things an act names. */
export type Known = {
  readonly sites: readonly string[];
  readonly shipments: ReadonlyMap<string, Omit<Shipment, 'kits'> & { readonly kits: readonly KnownKit[] }>;
  readonly kits: ReadonlyMap<string, KnownKit>;
  /** Why the act's site may not take delivery; null where it may. */
  readonly registrationFault: string | null;
};

export type Movement = {
  readonly kind: EntryKind;
  readonly from: Account;
  readonly to: Account;
  readonly kits: readonly string[];
  readonly capsules: Capsules;
  readonly participantId?: string;
};

export type Decision = {
  readonly movements: readonly Movement[];
  readonly changes: readonly { readonly kits: readonly string[]; readonly change: KitChange }[];
  readonly shipment?: {
    readonly shipmentId: string;
    readonly status: Shipment['decided'];
    readonly receivedAt?: string;
  };
};

export class ActRefused extends Error {}

type Of<K extends KitAct['kind']> = Extract<KitAct, { kind: K }>;

const refuse = (reason: string): never => {
  throw new ActRefused(reason);
};

/** @throws ActRefused with the reason */
export function decideAct(known: Known, act: KitAct): Decision {
  if (!known.sites.includes(act.siteId)) refuse(`no site ${act.siteId}`);
  switch (act.kind) {
    case 'shipmentReceived':
      return receive(known, act);
    case 'excursion':
      return quarantine(known, act);
    case 'dispensed':
      return dispense(known, act);
    case 'returned':
      return takeBack(known, act);
    case 'lost':
      return lose(known, act);
    case 'damaged':
      return damage(known, act);
    case 'destroyed':
      return destroy(known, act);
  }
}

/** Capsules are taken in the order of the doses, so what is left is the end of the kit. */
export function capsulesIn({ batches }: Pick<KnownKit, 'batches'>, units: number): Capsules {
  const counted: Record<string, number> = {};
  for (const batchId of units === 0 ? [] : batches.slice(-units)) counted[batchId] = (counted[batchId] ?? 0) + 1;
  return counted;
}

/** Of several kits, as many as are in them. */
export function capsulesOf(kits: readonly KnownKit[]): Capsules {
  const sum: Record<string, number> = {};
  for (const kit of kits) {
    for (const [batchId, number] of Object.entries(capsulesIn(kit, kit.units))) {
      sum[batchId] = (sum[batchId] ?? 0) + number;
    }
  }
  return sum;
}

function moving(
  kits: readonly KnownKit[],
  kind: EntryKind,
  from: Account,
  to: Account,
  participantId: string | null = null,
): Movement {
  const capsules = capsulesOf(kits);
  return {
    kind,
    from,
    to,
    capsules,
    kits: kits.map(({ kit }) => kit),
    ...(participantId === null ? {} : { participantId }),
  };
}

function shipmentOf({ shipments }: Known, shipmentId: string, siteId: string) {
  const shipment = shipments.get(shipmentId);
  if (shipment === undefined) return refuse(`no shipment ${shipmentId}`);
  if (shipment.siteId !== siteId) return refuse(`shipment ${shipmentId} is for another site than ${siteId}`);
  return shipment;
}

function receive(known: Known, act: Of<'shipmentReceived'>): Decision {
  const { siteId, shipmentId, missing, damaged, at } = act;
  const { decided, kits } = shipmentOf(known, shipmentId, siteId);
  if (decided !== 'sent') refuse(`shipment ${shipmentId} is ${decided} already`);
  if (known.registrationFault !== null) refuse(known.registrationFault);
  const named = [...missing, ...damaged];
  const strange = named.find((label) => !kits.some(({ kit }) => kit === label));
  if (strange !== undefined) refuse(`kit ${strange} is not in shipment ${shipmentId}`);
  if (new Set(named).size !== named.length) refuse('a kit is named twice');
  const here = kits.filter(({ kit }) => !missing.includes(kit));
  const gone = kits.filter(({ kit }) => missing.includes(kit));
  return {
    movements: [moving(here, 'received', 'transit', `site ${siteId}`), moving(gone, 'missing', 'transit', 'lost')],
    changes: [
      { kits: here.map(({ kit }) => kit), change: { place: 'site', siteId } },
      { kits: missing, change: { place: 'lost' } },
      { kits: damaged, change: { damaged: true } },
    ],
    shipment: { shipmentId, status: 'received', receivedAt: at },
  };
}

/** The whole shipment, until the pharmacist decides: one batch alone would tell which kits hold it. */
function quarantine(known: Known, act: Of<'excursion'>): Decision {
  const { shipmentId } = act;
  if (act.highestCelsius < act.lowestCelsius) refuse('the highest temperature is below the lowest');
  const { decided } = shipmentOf(known, shipmentId, act.siteId);
  if (decided === 'sent') refuse(`shipment ${shipmentId} is not received`);
  if (decided === 'recalled') refuse(`shipment ${shipmentId} is recalled`);
  return { movements: [], changes: [], shipment: { shipmentId, status: 'quarantined' } };
}

type Found = { readonly kit: KnownKit; readonly before: Decision };
const nothing: Decision = { movements: [], changes: [] };

/** A kit at the act's site. One packed for a person has no shipment: it is there once the site does something with it. */
function kitOf({ kits }: Known, label: string, siteId: string): Found {
  const kit = kits.get(label);
  if (kit === undefined) return refuse(`no kit ${label}`);
  if (kit.place === 'transit' && kit.shipmentId === null) {
    const arrived = { place: 'site', siteId } as const;
    return {
      kit: { ...kit, ...arrived },
      before: {
        movements: [moving([kit], 'received', 'transit', `site ${siteId}`)],
        changes: [{ kits: [label], change: arrived }],
      },
    };
  }
  if (kit.place !== 'store' && kit.siteId !== siteId) return refuse(`kit ${label} is not at site ${siteId}`);
  return { kit, before: nothing };
}

/** After what had to happen before it. */
function then(before: Decision, movements: readonly Movement[], kit: string, change: KitChange): Decision {
  return {
    movements: [...before.movements, ...movements],
    changes: [...before.changes, { kits: [kit], change }],
  };
}

function dispense(known: Known, act: Of<'dispensed'>): Decision {
  const { kit: label, participantId, siteId, at } = act;
  const { kit, before } = kitOf(known, label, siteId);
  if (kit.dispensedAt !== null) refuse(`kit ${label} was dispensed before`);
  if (kit.participantId !== participantId) refuse(`kit ${label} is not ${participantId}’s`);
  if (kit.place !== 'site') refuse(`kit ${label} is not at the site: ${kit.place}`);
  if (kit.damaged) refuse(`kit ${label} is damaged`);
  if (kit.shipmentId !== null) {
    const { status, expires } = shipmentOf(known, kit.shipmentId, siteId);
    if (status !== 'received') refuse(`the shipment of kit ${label} is ${status}`);
    if (expires < at.slice(0, 10)) refuse(`kit ${label} expired on ${expires}`);
  }
  const handed = moving([kit], 'dispensed', `site ${siteId}`, `participants ${siteId}`, participantId);
  return then(before, [handed], label, { place: 'participant', dispensedAt: at });
}

/** What did not come back was taken, or is not accounted for. */
function takeBack(known: Known, act: Of<'returned'>): Decision {
  const { kit: label, units, siteId, at } = act;
  const { kit, before } = kitOf(known, label, siteId);
  if (kit.place !== 'participant') refuse(`kit ${label} is not with a participant: ${kit.place}`);
  if (units > kit.units) refuse(`kit ${label} held ${kit.units}, not ${units}`);
  const from: Account = `participants ${siteId}`;
  const returned = moving([{ ...kit, units }], 'returned', from, `site ${siteId}`, kit.participantId);
  const gone = Object.entries(capsulesIn(kit, kit.units)).map(([batchId, all]) => [
    batchId,
    all - (returned.capsules[batchId] ?? 0),
  ]);
  const used: Movement = { ...returned, kind: 'used', to: 'used', capsules: Object.fromEntries(gone) };
  return then(before, [returned, used], label, { place: 'site', units, returnedAt: at });
}

function lose(known: Known, act: Of<'lost'>): Decision {
  const { kit: label, siteId } = act;
  const { kit, before } = kitOf(known, label, siteId);
  if (kit.place !== 'site' && kit.place !== 'participant') refuse(`kit ${label} cannot be lost: ${kit.place}`);
  const from: Account = kit.place === 'site' ? `site ${siteId}` : `participants ${siteId}`;
  return then(before, [moving([kit], 'lost', from, 'lost', kit.participantId)], label, { place: 'lost' });
}

function damage(known: Known, act: Of<'damaged'>): Decision {
  const { kit: label, siteId } = act;
  const { kit, before } = kitOf(known, label, siteId);
  if (kit.place !== 'site' && kit.place !== 'participant') refuse(`kit ${label} cannot be damaged: ${kit.place}`);
  if (kit.damaged) refuse(`kit ${label} is damaged already`);
  return then(before, [], label, { damaged: true });
}

function destroy(known: Known, act: Of<'destroyed'>): Decision {
  const { kits: labels, siteId } = act;
  if (act.by === act.witness) refuse('who destroys and who witnesses are one person');
  if (new Set(labels).size !== labels.length) refuse('a kit is named twice');
  const found = labels.map((label) => kitOf(known, label, siteId));
  const away = found.find(({ kit }) => kit.place !== 'site')?.kit;
  if (away !== undefined) refuse(`kit ${away.kit} is not at the site: ${away.place}`);
  const kits = found.map(({ kit }) => kit);
  return {
    movements: [
      ...found.flatMap(({ before }) => before.movements),
      moving(kits, 'destroyed', `site ${siteId}`, 'destroyed'),
    ],
    changes: [...found.flatMap(({ before }) => before.changes), { kits: labels, change: { place: 'destroyed' } }],
  };
}
