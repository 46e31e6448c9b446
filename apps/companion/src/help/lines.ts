/**
 * Numbers to call in danger, by country. Data with a version: kept in the app so that they are there without a network.
 * Numbers change: a site verifies those of its country before the study opens, and the screen says so.
 */
export type Line = {
  readonly label: string;
  readonly phone: string;
  /** `always`: day and night. */
  readonly hours: string;
};
export type CountryLines = {
  /** ISO 3166-1 alpha-2; `EU`: another country of the European Union. */
  readonly country: string;
  readonly emergency: string;
  readonly lines: readonly Line[];
};

export const helpLines = {
  version: '1.0.0',
  as_of: '2026-11-01',
  source: 'Public pages of the services named; written down from knowledge and not yet called.',
  status: 'verify before use',
  countries: [
    {
      country: 'AU',
      emergency: '000',
      lines: [{ label: 'Lifeline', phone: '13 11 14', hours: 'always' }],
    },
    {
      country: 'AT',
      emergency: '112',
      lines: [{ label: 'TelefonSeelsorge', phone: '142', hours: 'always' }],
    },
    {
      country: 'CA',
      emergency: '911',
      lines: [{ label: '9-8-8 Suicide Crisis Helpline', phone: '988', hours: 'always' }],
    },
    {
      country: 'DE',
      emergency: '112',
      lines: [{ label: 'TelefonSeelsorge', phone: '0800 111 0 111', hours: 'always' }],
    },
    {
      country: 'IE',
      emergency: '112',
      lines: [{ label: 'Samaritans', phone: '116 123', hours: 'always' }],
    },
    {
      country: 'NL',
      emergency: '112',
      lines: [
        { label: '113 Zelfmoordpreventie', phone: '113', hours: 'always' },
        { label: '113, free of charge', phone: '0800 0113', hours: 'always' },
      ],
    },
    {
      country: 'NZ',
      emergency: '111',
      lines: [{ label: '1737, call or text', phone: '1737', hours: 'always' }],
    },
    {
      country: 'GB',
      emergency: '999',
      lines: [{ label: 'Samaritans', phone: '116 123', hours: 'always' }],
    },
    {
      country: 'US',
      emergency: '911',
      lines: [{ label: '988 Suicide and Crisis Lifeline', phone: '988', hours: 'always' }],
    },
    { country: 'EU', emergency: '112', lines: [] },
  ] satisfies readonly CountryLines[] as readonly CountryLines[],
} as const;

/** The country of the browser's language, as a first proposal; null where it is not in the list. */
export function likelyCountry(languages: readonly string[]): string | null {
  for (const language of languages) {
    const region = new Intl.Locale(language).region;
    if (region !== undefined && helpLines.countries.some(({ country }) => country === region)) return region;
  }
  return null;
}

export function dialOf({ phone }: Pick<Line, 'phone'>): string {
  return `tel:${phone.replace(/[^\d+]/g, '')}`;
}
