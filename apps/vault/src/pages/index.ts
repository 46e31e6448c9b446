/** Every page of the vault, in the order of the navigation. */
import { closedPages } from './closed.ts';
import { emergencyPages } from './emergency/emergency.ts';
import { readinessPages } from './emergency/readiness.ts';
import { entrancePages } from './entrance.ts';
import { homePages } from './home.ts';
import type { PageRoute } from './route.ts';
import { safetyPages } from './safety.ts';
import { supplyPages } from './supply/index.ts';

export const allPages: readonly PageRoute[] = [
  ...homePages,
  ...supplyPages,
  ...emergencyPages,
  ...readinessPages,
  ...safetyPages,
  ...closedPages,
  ...entrancePages,
];
