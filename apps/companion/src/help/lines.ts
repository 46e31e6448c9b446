/**
 * Numbers to call in danger, by country. Data with a version: kept in the app so that they are there without a network.
 * Numbers change: a site verifies those of its country before the study opens, and the screen says so.
 */
export type Line = {
  readonly label: string;
  readonly phone: string;
  /** `always`: day and night. */
  readonly hours: string;
  /** Where the number and its hours were read, with the date of that page. */
  readonly source?: string;
};
export type CountryLines = {
  /** ISO 3166-1 alpha-2; `EU`: another country of the European Union. */
  readonly country: string;
  readonly emergency: string;
  readonly lines: readonly Line[];
};

export const helpLines = {
  version: '1.1.0',
  as_of: '2026-11-24',
  source:
    'The page beside a line; lines without one are written down from knowledge of the services named. None has been called yet.',
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
      country: 'BE',
      emergency: '112',
      lines: [
        {
          label: 'Zelfmoordlijn 1813 (Nederlands)',
          phone: '1813',
          hours: 'always',
          source: 'The Brussels Times, February 2026',
        },
        {
          label: 'Centre de prévention du suicide (français)',
          phone: '0800 32 123',
          hours: 'always',
          source: 'The Brussels Times, February 2026',
        },
      ],
    },
    {
      country: 'BR',
      emergency: '192',
      lines: [{ label: 'CVV', phone: '188', hours: 'always' }],
    },
    {
      country: 'CA',
      emergency: '911',
      lines: [{ label: '9-8-8 Suicide Crisis Helpline', phone: '988', hours: 'always' }],
    },
    {
      country: 'CH',
      emergency: '112',
      lines: [{ label: '143, Die Dargebotene Hand, La Main Tendue', phone: '143', hours: 'always' }],
    },
    {
      country: 'CZ',
      emergency: '112',
      lines: [
        {
          label: 'Linka první psychické pomoci',
          phone: '116 123',
          hours: 'always',
          source:
            'iDNES.cz, 10 January 2024; closed on weekends and holidays of December 2024 (iROZHLAS, 8 December 2024)',
        },
        { label: 'Pražská linka důvěry', phone: '222 580 697', hours: 'always', source: 'iDNES.cz, 10 January 2024' },
      ],
    },
    {
      country: 'DE',
      emergency: '112',
      lines: [{ label: 'TelefonSeelsorge', phone: '0800 111 0 111', hours: 'always' }],
    },
    {
      country: 'ES',
      emergency: '112',
      lines: [
        {
          label: 'Línea 024, atención a la conducta suicida',
          phone: '024',
          hours: 'always',
          source: 'Ministerio de Sanidad, reported by RTVE, 9 May 2022',
        },
      ],
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
      country: 'PT',
      emergency: '112',
      lines: [
        {
          label: 'Linha Nacional de Prevenção do Suicídio',
          phone: '1411',
          hours: 'always',
          source: 'DECO PROteste, 9 September 2025',
        },
      ],
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
