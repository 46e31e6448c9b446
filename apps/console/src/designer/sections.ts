/** The sections of the designer in the order of ICH M11. A new one is a line here and its form. */
import type { ComponentType } from 'react';
import { Analysis } from './sections/analysis.tsx';
import { Arms } from './sections/arms.tsx';
import { Blinding } from './sections/blinding.tsx';
import { Consent } from './sections/consent.tsx';
import { Dosing } from './sections/dosing.tsx';
import { Epochs } from './sections/epochs.tsx';
import { Identity } from './sections/identity.tsx';
import { Objectives } from './sections/objectives.tsx';
import { Population } from './sections/population.tsx';
import { Answers, Reporting } from './sections/reporting.tsx';
import { Safety } from './sections/safety.tsx';
import { Schedule } from './sections/schedule.tsx';
import { Sites, Supply } from './sections/sites.tsx';
import { isWithin } from './value.ts';

export type Section = {
  readonly id: string;
  readonly title: string;
  /** The fields of the document it holds, with all below them. */
  readonly holds: readonly string[];
  readonly Form: ComponentType;
};

export const sections: readonly Section[] = [
  {
    id: 'identity',
    title: 'Title and versions',
    holds: [
      'title',
      'shortTitle',
      'id',
      'version',
      'language',
      'languages',
      'setting',
      'rationale',
      'identity',
      'sources',
    ],
    Form: Identity,
  },
  { id: 'objectives', title: 'Objectives and estimands', holds: ['objectives', 'estimands'], Form: Objectives },
  { id: 'population', title: 'Population and eligibility', holds: ['population'], Form: Population },
  { id: 'arms', title: 'Arms and interventions', holds: ['interventions', 'arms'], Form: Arms },
  { id: 'epochs', title: 'Epochs', holds: ['epochs', 'startsOn'], Form: Epochs },
  { id: 'dosing', title: 'Dosing', holds: ['dosing'], Form: Dosing },
  { id: 'schedule', title: 'Schedule of activities', holds: ['activities', 'burden'], Form: Schedule },
  { id: 'blinding', title: 'Randomisation and blinding', holds: ['randomisation', 'blinding'], Form: Blinding },
  { id: 'safety', title: 'Safety and hold rules', holds: ['safety', 'medication'], Form: Safety },
  { id: 'sites', title: 'Sites and licences', holds: ['sites'], Form: Sites },
  { id: 'supply', title: 'Supply and roles', holds: ['supply', 'roles'], Form: Supply },
  { id: 'consent', title: 'Consent', holds: ['consent'], Form: Consent },
  { id: 'analysis', title: 'Analysis plan', holds: ['analysis'], Form: Analysis },
  { id: 'reporting', title: 'Reporting items', holds: ['reporting'], Form: Reporting },
  { id: 'answers', title: 'Answers to findings', holds: ['answers'], Form: Answers },
];

/** The section a path belongs to; undefined for the document as a whole and for what no section holds. */
export const sectionOf = (path: string): Section | undefined =>
  sections.find(({ holds }) => holds.some((above) => isWithin(path, above)));
