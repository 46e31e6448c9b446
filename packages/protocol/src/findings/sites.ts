/** May the sites do what the document asks of them? */

import type { Site } from '../document.ts';
import type { Path } from '../document-path.ts';
import { findJurisdiction, type Jurisdiction } from '../jurisdictions.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';

type Setting = 'takeHome' | 'observed';

export function checkSites({ protocol }: CheckContext): Finding[] {
  const substances = [
    ...new Set(protocol.interventions.flatMap((one) => (one.substances ?? []).map(({ substance }) => substance))),
  ];
  return (protocol.sites ?? []).flatMap((site, index) => {
    const path = ['sites', index];
    const jurisdiction = findJurisdiction(site.jurisdiction);
    const dates = checkDates(site, path);
    if (jurisdiction === undefined) {
      const message = `“${site.jurisdiction}” is not in the table of jurisdictions.`;
      return [finding('error', 'jurisdiction_unknown', [...path, 'jurisdiction'], message), ...dates];
    }
    const setting = site.setting ?? protocol.setting;
    const settings: Setting[] = setting === 'both' ? ['takeHome', 'observed'] : [setting];
    return [
      ...checkSetting(jurisdiction, settings, path),
      ...checkSubstances(jurisdiction, substances, path),
      ...checkLicences(site, settings, substances, path),
      ...dates,
    ];
  });
}

function sourceOf({ source, asOf }: Jurisdiction): string {
  return `${source}; as of ${asOf}`;
}

function checkSetting(jurisdiction: Jurisdiction, settings: readonly Setting[], path: Path): Finding[] {
  return settings
    .filter((setting) => jurisdiction[setting] === 'no')
    .map((setting) => {
      const where = setting === 'takeHome' ? 'at home' : 'under observation';
      const message = `Capsules cannot be taken ${where} in ${jurisdiction.label}.`;
      return finding('error', 'setting_forbidden', [...path, 'jurisdiction'], message, sourceOf(jurisdiction));
    });
}

function checkSubstances(jurisdiction: Jurisdiction, substances: readonly string[], path: Path): Finding[] {
  const { onlySubstances } = jurisdiction;
  if (onlySubstances === undefined) return [];
  return substances
    .filter((substance) => !onlySubstances.includes(substance))
    .map((substance) => {
      const message = `There is no route for ${substance} in ${jurisdiction.label}.`;
      return finding('error', 'substance_forbidden', [...path, 'jurisdiction'], message, sourceOf(jurisdiction));
    });
}

function checkLicences(
  { licences }: Site,
  settings: readonly Setting[],
  substances: readonly string[],
  path: Path,
): Finding[] {
  return substances.flatMap((substance) => {
    const missing = settings.filter(
      (setting) => !licences.some((one) => one.substances.includes(substance) && one.covers.includes(setting)),
    );
    if (missing.length === 0) return [];
    const words = missing.map((setting) => (setting === 'takeHome' ? 'at home' : 'under observation')).join(' and ');
    const message = `No licence is recorded for ${substance} ${words}.`;
    return [finding('error', 'site_without_licence', [...path, 'licences'], message)];
  });
}

function checkDates({ licences }: Site, path: Path): Finding[] {
  return licences.flatMap(({ validFrom, validUntil }, index) => {
    if (validUntil === undefined || validUntil >= validFrom) return [];
    const message = `It ends on ${validUntil}, before it begins on ${validFrom}.`;
    return [finding('error', 'licence_dates_reversed', [...path, 'licences', index, 'validUntil'], message)];
  });
}
