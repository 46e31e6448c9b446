/** The flags after which help is put before the person at once. Sending the form is never made to wait for it. */
export const helpFlags = [
  'suicidality',
  'cardiac-warning',
  'psychosis-or-mania-warning',
  'serious-adverse-event',
] as const;
export type HelpFlag = (typeof helpFlags)[number];
