/**
 * The routes the app calls: the participant's own. The build puts their addresses in the place of this file, so that the
 * contract's schemas stay off the phone; see `vite.config.ts`.
 */
import { routes } from '@limen/contract';

export const {
  participantSignIn,
  signOut,
  today,
  ownHistory,
  screen,
  consent,
  consentCopy,
  recordDose,
  recordWearableDays,
  submit,
  reportAdverseEvent,
  withdraw,
  planPacking,
  recordPacking,
  openEnvelope,
  checkLeftovers,
  envelopeLabels,
  packingHelper,
  packingHelperLabels,
  packingHelperStep,
  ownResult,
  reminders,
  setReminders,
  snoozeReminders,
  subscribePush,
  makeCalendar,
  revokeCalendar,
} = routes;
