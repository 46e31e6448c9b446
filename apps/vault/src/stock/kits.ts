/** Kits as they are kept: public facts in clear, contents, batch and rank sealed. */
import { open, pad, seal, unpad } from '../sealing.ts';
import type { Client } from '../store.ts';
import type { OpenStudy } from '../study.ts';

export type KitPlace = 'store' | 'transit' | 'site' | 'participant' | 'lost' | 'destroyed';

/** What nobody blinded may know. */
export type KitSecret = {
  /** The intervention in every capsule. */
  readonly content: string;
  readonly batchId: string;
  /** Among kits of one content the lowest is given first. */
  readonly rank: string;
};

export type Kit = {
  readonly kit: string;
  /** Null for a kit that is packed to order. */
  readonly secret: KitSecret | null;
  readonly shipmentId: string | null;
  readonly place: KitPlace;
  readonly siteId: string | null;
  readonly participantId: string | null;
  readonly damaged: boolean;
  readonly units: number;
  /** Whether the register has its capsules. */
  readonly registered: boolean;
  readonly dispensedAt: Date | null;
  readonly returnedAt: Date | null;
};

type Row = {
  kit: string;
  sealed: Buffer | null;
  shipment_id: string | null;
  place: KitPlace;
  site_id: string | null;
  participant_id: string | null;
  damaged: boolean;
  units: number;
  registered: boolean;
  dispensed_at: Date | null;
  returned_at: Date | null;
};

type StudyKeys = Pick<OpenStudy, 'studyId' | 'dataKey'>;
const purposeOf = (study: StudyKeys, kit: string): string => `kit ${study.studyId} ${kit}`;

export function sealKit(study: StudyKeys, kit: string, secret: KitSecret): Buffer {
  return seal(study.dataKey, pad(JSON.stringify(secret)), purposeOf(study, kit));
}

function openKit(study: StudyKeys, row: Row): Kit {
  const secret: KitSecret | null =
    row.sealed === null ? null : JSON.parse(unpad(open(study.dataKey, row.sealed, purposeOf(study, row.kit))));
  return {
    kit: row.kit,
    secret,
    shipmentId: row.shipment_id,
    place: row.place,
    siteId: row.site_id,
    participantId: row.participant_id,
    damaged: row.damaged,
    units: row.units,
    registered: row.registered,
    dispensedAt: row.dispensed_at,
    returnedAt: row.returned_at,
  };
}

/** By label. Without a shipment: every kit of the study. */
export async function readKits(
  client: Client,
  study: StudyKeys,
  only: { readonly shipmentId?: string; readonly kit?: string } = {},
): Promise<Kit[]> {
  const { rows } = await client.query<Row>(
    `select * from kit where study_id = $1 and ($2::text is null or shipment_id = $2) and ($3::text is null or kit = $3)
     order by kit`,
    [study.studyId, only.shipmentId ?? null, only.kit ?? null],
  );
  return rows.map((row) => openKit(study, row));
}

export type KitChange = Partial<
  Pick<Kit, 'place' | 'siteId' | 'shipmentId' | 'participantId' | 'damaged' | 'units'>
> & {
  readonly dispensedAt?: string;
  readonly returnedAt?: string;
};

const columnOf: Readonly<Record<keyof KitChange, string>> = {
  place: 'place',
  siteId: 'site_id',
  shipmentId: 'shipment_id',
  participantId: 'participant_id',
  damaged: 'damaged',
  units: 'units',
  dispensedAt: 'dispensed_at',
  returnedAt: 'returned_at',
};

export async function changeKits(
  client: Client,
  studyId: string,
  kits: readonly string[],
  change: KitChange,
): Promise<void> {
  const names = Object.keys(change) as (keyof KitChange)[];
  const sets = names.map((name, index) => `${columnOf[name]} = $${index + 3}`).join(', ');
  await client.query(`update kit set ${sets} where study_id = $1 and kit = any($2)`, [
    studyId,
    kits,
    ...names.map((name) => change[name]),
  ]);
}
