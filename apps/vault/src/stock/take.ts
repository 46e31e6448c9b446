/** Takes a kit from a site's stock for somebody, or says that the site cannot serve. */
import type { House } from '../house.ts';
import type { AllocationRequest } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import type { Client } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { stockDesign } from './design.ts';
import { changeKits, type Kit, type KitSecret } from './kits.ts';
import { canServe, type NextStep } from './serve.ts';
import { isFree, readShipments, readSteps, totalsOf, usableShipments } from './shipments.ts';

export type Wanted = {
  readonly participantId: string;
  readonly siteId: string | undefined;
  /** Null for a replacement. */
  readonly next: NextStep | null;
  readonly content: string;
};

/** The site where stock is kept. */
export function requireSite(study: OpenStudy, siteId: string | undefined): string {
  if (siteId === undefined) throw new Refusal('allocation_refused', 'kits are in stock and no site is named');
  if (!study.sites.some((site) => site.siteId === siteId)) throw new Refusal('allocation_refused', `no site ${siteId}`);
  return siteId;
}

/** Where strata are the sites, a site draws from its own; without strata there is one. */
export function requireStratum(study: OpenStudy, { siteId, stratum }: AllocationRequest): void {
  const { stratifyBy } = study.design;
  const site = requireSite(study, siteId);
  const own = stratifyBy.length === 0 ? 'all' : stratifyBy.length === 1 && stratifyBy[0] === 'site' ? site : stratum;
  if (stratum !== own) throw new Refusal('allocation_refused', `no stratum ${stratum} at site ${site}`);
}

/** Whether the site can serve is decided before anything looks at what was drawn. */
export async function takeKit(
  house: House,
  client: Client,
  study: OpenStudy,
  { participantId, siteId: wanted, next, content }: Wanted,
): Promise<{ kit: string; secret: KitSecret }> {
  const siteId = requireSite(study, wanted);
  const design = stockDesign(study.design);
  const shipments = await readShipments(house, client, study);
  const usable = usableShipments(shipments, siteId, house.clock.now().slice(0, 10));
  const steps = await readSteps(client, study.studyId);
  const serving = usable.find((shipment) => canServe(design, totalsOf(shipment, steps), next));
  if (serving === undefined) throw new Refusal('allocation_refused', tellShortage(siteId, shipments, usable.length));
  const kit = firstOf(serving.kits, content);
  await changeKits(client, study.studyId, [kit.kit], { participantId });
  return kit;
}

/** The lowest rank among the free kits of the content, so that any free label is as likely as any other. */
function firstOf(kits: readonly Kit[], content: string): { kit: string; secret: KitSecret } {
  let first: { kit: string; secret: KitSecret } | null = null;
  for (const { kit, secret, ...rest } of kits) {
    if (secret === null || secret.content !== content || !isFree({ kit, secret, ...rest })) continue;
    if (first === null || secret.rank < first.secret.rank) first = { kit, secret };
  }
  if (first === null) throw new RangeError('A shipment that can serve has no kit of the content');
  return first;
}

function tellShortage(siteId: string, shipments: readonly { siteId: string }[], usable: number): string {
  const own = shipments.filter((one) => one.siteId === siteId).length;
  if (usable === 0) return `site ${siteId} has no shipment that is received, in date and released (of ${own} sent)`;
  return `the stock of site ${siteId} would not last for every arm, whatever was drawn (${usable} shipments)`;
}
