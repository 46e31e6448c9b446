export * from './client.ts';
export * from './device-signature.ts';
export * from './route.ts';
export * as routes from './routes/index.ts';
export * as shapes from './shapes.ts';
export { allRoutes } from './table.ts';
