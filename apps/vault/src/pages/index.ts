/** Every page of the vault, in the order of the navigation. */
import { closedPages } from './closed.ts';
import { emergencyPages } from './emergency.ts';
import { entrancePages } from './entrance.ts';
import { homePages } from './home.ts';
import type { PageRoute } from './route.ts';
import { safetyPages } from './safety.ts';
import { supplyPages } from './supply/index.ts';

export const allPages: readonly PageRoute[] = [
  ...homePages,
  ...supplyPages,
  ...emergencyPages,
  ...safetyPages,
  ...closedPages,
  ...entrancePages,
];
