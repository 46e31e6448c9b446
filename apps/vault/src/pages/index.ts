/** Every page of the vault, in the order of the navigation. */
import { entrancePages } from './entrance.ts';
import { homePages } from './home.ts';
import type { PageRoute } from './route.ts';

export const allPages: readonly PageRoute[] = [...homePages, ...entrancePages];
