/** Every route of the contract and what answers it. */
import { amendHandlers } from '../routes/amend.ts';
import { commandHandlers } from '../routes/commands.ts';
import { consentCopyHandlers } from '../routes/consent-copy.ts';
import { deviceHandlers } from '../routes/devices.ts';
import { draftHandlers } from '../routes/drafts.ts';
import { emergencyHandlers } from '../routes/emergency.ts';
import { installationHandlers } from '../routes/installation.ts';
import { ownResult } from '../routes/own-result.ts';
import { packingHandlers } from '../routes/packing.ts';
import { participantHandlers } from '../routes/participants.ts';
import { recordHandlers } from '../routes/record.ts';
import { releaseHandlers } from '../routes/release.ts';
import { reminderHandlers } from '../routes/reminders.ts';
import { safetyHandlers } from '../routes/safety.ts';
import { safetyBoardHandlers } from '../routes/safety-board.ts';
import { sessionHandlers } from '../routes/sessions.ts';
import { studyHandlers } from '../routes/studies.ts';
import { supplyHandlers } from '../routes/supply.ts';
import { walletCardHandlers } from '../routes/wallet-card.ts';
import type { Handlers } from './call.ts';

export const handlers: Handlers = {
  ...installationHandlers,
  ...sessionHandlers,
  ...studyHandlers,
  ...amendHandlers,
  ...draftHandlers,
  ...participantHandlers,
  ...commandHandlers,
  ...packingHandlers,
  ownResult,
  ...safetyHandlers,
  ...safetyBoardHandlers,
  ...emergencyHandlers,
  ...walletCardHandlers,
  ...consentCopyHandlers,
  ...supplyHandlers,
  ...deviceHandlers,
  ...reminderHandlers,
  ...recordHandlers,
  ...releaseHandlers,
};
