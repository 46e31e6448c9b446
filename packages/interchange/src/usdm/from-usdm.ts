/** From CDISC USDM 4.0 to a study document: what its classes say, and what our extension attributes add. */
import { parseProtocol } from '@limen/protocol';
import { InterchangeError } from '../errors.ts';
import { nameOf } from './codes.ts';
import { at, type Fields, isFields, listAt, type Place, textAt, withValue } from './json.ts';

export const extensionUrl = 'urn:limen:usdm:remainder';

export type NotCarried = { readonly path: string; readonly message: string };

export type UsdmImport = {
  /** As text, for a draft: it may lack what USDM does not hold. */
  readonly text: string;
  /** What keeps the document from being complete; none for a file that this program wrote. */
  readonly notCarried: readonly NotCarried[];
};

/**
 * Reads the first version and its first design.
 * @throws InterchangeError `usdm_malformed` where the file is no USDM 4
 */
export function fromUsdm(text: string): UsdmImport {
  const usdm = readJson(text);
  const version = at(usdm, 'study', 'versions', 0);
  if (!isFields(version)) throw new InterchangeError('usdm_malformed', 'study.versions[0] is missing.');
  if (!isFields(at(version, 'studyDesigns', 0))) {
    throw new InterchangeError('usdm_malformed', 'study.versions[0].studyDesigns[0] is missing.');
  }
  let document: unknown = heldBy(usdm);
  for (const { path, value } of extensionsOf(version)) document = withValue(document, path, value);
  const written = `${JSON.stringify(document, null, 2)}\n`;
  const parsed = parseProtocol(written);
  const notCarried = parsed.ok ? [] : parsed.problems.map(({ path, message }) => ({ path, message }));
  return { text: written, notCarried };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InterchangeError('usdm_malformed', error instanceof Error ? error.message : 'It is no JSON.');
  }
}

function extensionsOf(version: unknown): { path: Place; value: unknown }[] {
  return listAt(version, 'extensionAttributes').flatMap((one) => {
    const written = textAt(one, 'url') === extensionUrl ? textAt(one, 'valueString') : undefined;
    if (written === undefined) return [];
    const read = readJson(written);
    const path = listAt(read, 'path');
    const isPlace = path.every((step) => typeof step === 'string' || (Number.isInteger(step) && Number(step) >= 0));
    if (!isPlace || path.length === 0 || path.some((step) => step === '__proto__')) {
      throw new InterchangeError('usdm_malformed', 'An extension attribute names no path of a study document.');
    }
    return [{ path: path as Place, value: at(read, 'value') }];
  });
}

/** The part of a study document that the classes of USDM hold. */
export function heldBy(usdm: unknown): Fields {
  const version = at(usdm, 'study', 'versions', 0);
  const design = at(version, 'studyDesigns', 0);
  const titleOf = (kind: string) =>
    textAt(
      listAt(version, 'titles').find((one) => nameOf('title', at(one, 'type', 'code')) === kind),
      'text',
    );
  const schedule = scheduleOf(design);
  const identity = identityOf(version);
  const estimands = estimandsOf(design);
  return clean({
    format: 'limen-protocol/1',
    id: textAt(version, 'studyIdentifiers', 0, 'text'),
    version: textAt(version, 'versionIdentifier'),
    language: textAt(usdm, 'study', 'documentedBy', 0, 'language', 'code'),
    title: titleOf('official'),
    shortTitle: titleOf('short'),
    rationale: textAt(version, 'rationale'),
    identity,
    objectives: listAt(design, 'objectives')
      .filter((one) => textAt(one, 'name') !== '-other')
      .map((one) =>
        clean({
          id: textAt(one, 'name'),
          level: nameOf('objective', at(one, 'level', 'code')),
          text: textAt(one, 'text'),
          endpoints: listAt(one, 'endpoints').map((endpoint) => textAt(endpoint, 'name')),
        }),
      ),
    estimands: estimands.length === 0 ? undefined : estimands,
    population: populationOf(version, design),
    interventions: listAt(version, 'studyInterventions').map(interventionOf),
    arms: listAt(design, 'arms').map((one) =>
      clean({ id: textAt(one, 'name'), label: textAt(one, 'label'), description: textAt(one, 'description') }),
    ),
    epochs: listAt(design, 'epochs').map((one) =>
      clean({ id: textAt(one, 'name'), label: textAt(one, 'label'), type: nameOf('epoch', at(one, 'type', 'code')) }),
    ),
    dosing: clean({
      unitLabel: schedule.find(({ id }) => id === 'dose')?.label,
      epoch: schedule.find(({ id }) => id === 'dose')?.epoch,
    }),
    activities: schedule.filter(({ id }) => id !== 'dose').map(({ id, label, epoch }) => clean({ id, label, epoch })),
    blinding: clean({
      masked: listAt(version, 'roles')
        .filter((one) => at(one, 'masking', 'isMasked') === true)
        .map((one) => textAt(one, 'name')),
    }),
    analysis: clean({
      endpoints: listAt(design, 'objectives').flatMap((objective) =>
        listAt(objective, 'endpoints').map((one) =>
          clean({
            id: textAt(one, 'name'),
            label: textAt(one, 'label'),
            level: nameOf('endpoint', at(one, 'level', 'code')),
          }),
        ),
      ),
    }),
  });
}

function clean(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function identityOf(version: unknown): Fields | undefined {
  const organizations = listAt(version, 'organizations');
  const named = (id: unknown) => organizations.find((one) => at(one, 'id') === id);
  const sponsor = organizations.find(
    (one) => nameOf('organization', at(one, 'type', 'code')) === 'sponsor' && at(one, 'identifier') !== 'not-named',
  );
  const registrations = listAt(version, 'studyIdentifiers').flatMap((one) => {
    const registry = named(at(one, 'scopeId'));
    if (nameOf('organization', at(registry, 'type', 'code')) !== 'registry') return [];
    return [clean({ registry: textAt(registry, 'name'), number: textAt(one, 'text') })];
  });
  const found = clean({
    sponsor: textAt(sponsor, 'name'),
    registrations: registrations.length === 0 ? undefined : registrations,
  });
  return Object.keys(found).length === 0 ? undefined : found;
}

function estimandsOf(design: unknown): Fields[] {
  const populations = listAt(design, 'analysisPopulations');
  return listAt(design, 'estimands').map((one) => {
    const population = populations.find((who) => at(who, 'id') === at(one, 'analysisPopulationId'));
    return clean({
      id: textAt(one, 'name'),
      endpoint: textAt(one, 'variableOfInterestId')?.replace(/^endpoint-/, ''),
      treatment: textAt(one, 'description'),
      population: textAt(population, 'text'),
      variable: textAt(one, 'label'),
      intercurrentEvents: listAt(one, 'intercurrentEvents').map((event) => {
        const [name, text] = [textAt(event, 'name'), textAt(event, 'text')];
        return clean({ event: name, strategy: textAt(event, 'strategy'), reason: text === name ? undefined : text });
      }),
      summary: textAt(one, 'populationSummary'),
    });
  });
}

function populationOf(version: unknown, design: unknown): Fields {
  const items = listAt(version, 'eligibilityCriterionItems');
  return clean({
    description: textAt(design, 'population', 'description'),
    plannedSampleSize: at(design, 'population', 'plannedEnrollmentNumber', 'value'),
    eligibility: listAt(design, 'eligibilityCriteria').map((one) => {
      const item = items.find((candidate) => at(candidate, 'id') === at(one, 'criterionItemId'));
      return clean({
        id: textAt(one, 'identifier'),
        kind: nameOf('criterion', at(one, 'category', 'code')),
        label: textAt(one, 'label'),
        reason: textAt(item, 'text'),
      });
    }),
  });
}

function interventionOf(one: unknown): Fields {
  const substances = listAt(one, 'administrations').map((given) =>
    clean({
      substance: textAt(given, 'name'),
      dose: clean({
        max: at(given, 'dose', 'value'),
        unit: textAt(given, 'dose', 'unit', 'standardCode', 'code'),
        form: textAt(given, 'label'),
      }),
    }),
  );
  return clean({
    id: textAt(one, 'name'),
    label: textAt(one, 'label'),
    role: nameOf('interventionRole', at(one, 'role', 'code')),
    substances: substances.length === 0 ? undefined : substances,
    description: textAt(one, 'description'),
  });
}

type Scheduled = { readonly id: string; readonly label: string | undefined; readonly epoch: string | undefined };

/** What is asked, and in which epoch it is asked first. */
function scheduleOf(design: unknown): Scheduled[] {
  const instances = listAt(design, 'scheduleTimelines', 0, 'instances');
  const epochs = new Map(listAt(design, 'epochs').map((one) => [at(one, 'id'), textAt(one, 'name')]));
  return listAt(design, 'activities').flatMap((one): Scheduled[] => {
    const id = textAt(one, 'name');
    if (id === undefined) return [];
    const first = instances.find((instance) => listAt(instance, 'activityIds').includes(at(one, 'id')));
    return [{ id, label: textAt(one, 'label'), epoch: epochs.get(at(first, 'epochId')) }];
  });
}
