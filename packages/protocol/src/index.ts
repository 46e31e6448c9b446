export * from './calendar-types.ts';
export * from './document.ts';
