/** Nobody's allocation: what drills and the probe open. Drawn from a seed of its own, it says nothing of anybody's. */
import { randomBytes } from 'node:crypto';
import { type Allocation, type Participant, walkStratum } from '@limen/randomization';
import { freeLabel, type StoredAllocation } from '../allocate.ts';
import { contentsOf, randomisedArms } from '../contents.ts';
import type { House } from '../house.ts';
import { keyBytes, open, pad, seal, unpad } from '../sealing.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { drillParticipant } from './record.ts';

const purposeOf = (studyId: string) => `dummy ${studyId}`;

/** Made once per study; never from the study's own seed or source of randomness, whose draws it would shift. */
export async function ensureDummy(house: House, studyId: string): Promise<void> {
  await inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (study === null || (await readDummy(client, study)) !== null) return;
    const kit = await freeLabel(house, client, studyId, drillParticipant);
    await client.query('insert into dummy (study_id, kit, sealed) values ($1, $2, $3)', [
      studyId,
      kit,
      sealDummy(study, drawDummy(study)),
    ]);
  });
}

function drawDummy({ studyId, design }: OpenStudy): Allocation {
  const draw = walkStratum({
    seed: randomBytes(keyBytes),
    studyId,
    stratum: 'drill',
    arms: randomisedArms(design),
    procedure: design.procedure,
  });
  return draw(anybody(design)).allocation;
}

/** On some level of every factor that is looked at. */
function anybody({ procedure }: OpenStudy['design']): Participant {
  const drawn = procedure.kind === 'households' ? procedure.of : procedure;
  if (drawn.kind !== 'minimisation') return {};
  return { levels: Object.fromEntries(drawn.factors.map(({ id }) => [id, 'drill'])) };
}

function sealDummy(study: OpenStudy, { arm, sequence, periods }: Allocation): Buffer {
  const content = { arm, ...(sequence ? { sequence } : {}), ...(periods ? { periods } : {}) };
  return seal(study.dataKey, pad(JSON.stringify(content)), purposeOf(study.studyId));
}

type Reader = Pick<Client, 'query'>;

/** Opened like anybody's. */
export async function readDummy(client: Reader, study: OpenStudy): Promise<StoredAllocation | null> {
  const { rows } = await client.query<{ kit: string; sealed: Buffer }>(
    'select kit, sealed from dummy where study_id = $1',
    [study.studyId],
  );
  return rows[0] ? openDummy(study, rows[0].kit, rows[0].sealed) : null;
}

function openDummy(study: OpenStudy, kit: string, sealed: Uint8Array): StoredAllocation {
  const drawn = JSON.parse(unpad(open(study.dataKey, sealed, purposeOf(study.studyId)))) as Allocation;
  return {
    participantId: drillParticipant,
    stratum: 'drill',
    step: 0,
    kit,
    packed: false,
    batches: {},
    ...drawn,
    contents: contentsOf(study.design, drawn),
  };
}

/** Sealed anew and opened again, as at an allocation and a code break. */
export function sealAndOpen(study: OpenStudy, { kit, ...allocation }: StoredAllocation): StoredAllocation {
  return openDummy(study, kit, sealDummy(study, allocation));
}
