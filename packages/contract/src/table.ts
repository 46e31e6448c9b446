import type { Route } from './route.ts';
import * as declared from './routes/index.ts';

/** Every route there is. A server that binds another one fails its tests. */
export const allRoutes: readonly Route[] = Object.values(declared).filter(
  (value): value is Extract<typeof value, Route> => typeof value === 'object' && value !== null && 'method' in value,
);
