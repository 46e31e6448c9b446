/**
 * Where a study can take place and in which setting: data with sources, for those who decide; no legal advice. A row
 * says what the sources said on `asOf`; it must be reviewed again after `reviewDays`.
 */
export const reviewDays = 180;

export type Jurisdiction = {
  readonly label: string;
  /** `no`: forbidden whatever is licensed. `licence`: possible with a licence that says so. */
  readonly takeHome: 'no' | 'licence';
  readonly observed: 'licence' | 'no';
  /** Where only some substances have the route. */
  readonly onlySubstances?: readonly string[];
  readonly source: string;
  /** Year and month of the newest source. */
  readonly asOf: string;
};

const row = (
  label: string,
  takeHome: Jurisdiction['takeHome'],
  source: string,
  asOf: string,
  more: Partial<Jurisdiction> = {},
): Jurisdiction => ({ label, takeHome, observed: 'licence', source, asOf, ...more });

export const jurisdictions: Readonly<Record<string, Jurisdiction>> = {
  us: row(
    'United States, federal',
    'licence',
    'IND and DEA Schedule I registration; the approved protocol decides',
    '2026-06',
  ),
  'us-or': row(
    'Oregon, service centres',
    'no',
    'State psilocybin services: sold and taken at a licensed centre',
    '2024-12',
    {
      onlySubstances: ['psilocybin'],
    },
  ),
  'us-co': row(
    'Colorado, healing centres',
    'no',
    'Regulated natural medicine: a facilitator watches consumption',
    '2025-08',
    {
      onlySubstances: ['psilocybin'],
    },
  ),
  'us-nm': row('New Mexico', 'no', 'Medical Psilocybin Act: approved settings only', '2025-04', {
    onlySubstances: ['psilocybin'],
  }),
  'us-nj': row('New Jersey, hospital pilot', 'no', 'Pilot law S2283: three hospitals', '2026-01', {
    onlySubstances: ['psilocybin'],
  }),
  ca: row('Canada', 'licence', 'Clinical trial authorisation, Part J and an exemption under section 56', '2026-01'),
  gb: row('United Kingdom', 'licence', 'MHRA, ethics and a Home Office licence; they decide on take-home', '2026-04'),
  'au-vic': row(
    'Australia, Victoria',
    'no',
    'Only doctors and nurses administer; no supply to trial participants',
    '2026-01',
  ),
  au: row('Australia, other states', 'licence', 'CTN or CTA, ethics and the state’s permit', '2026-01'),
  nz: row('New Zealand', 'licence', 'SCOTT and HDEC; take-home trials of LSD have been approved', '2025-07'),
  ch: row('Switzerland', 'licence', 'Exceptional licence under article 8(5) NarcA decides', '2025-01'),
  de: row('Germany', 'no', 'BfArM under AMG and BtMG §3; no take-home found', '2026-01'),
  cz: row('Czechia', 'no', 'SÚKL; psychiatric supervision', '2026-02'),
  nl: row('Netherlands', 'licence', 'CCMO and an Opium Act exemption', '2026-01'),
};

/** The row of a jurisdiction, or `undefined`. */
export function findJurisdiction(id: string): Jurisdiction | undefined {
  return Object.hasOwn(jurisdictions, id) ? jurisdictions[id] : undefined;
}
