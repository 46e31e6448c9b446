export * from './access.ts';
export * from './devices.ts';
export * from './drafts.ts';
export * from './packing.ts';
export * from './participant.ts';
export * from './reminders.ts';
export * from './study.ts';
export * from './supply.ts';
