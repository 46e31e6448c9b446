import type { Command } from '../command.ts';
import { analyse } from './analyse.ts';
import { demo } from './demo.ts';
import { deviceSimulate } from './device-simulate.ts';
import { protocolCalendar } from './protocol-calendar.ts';
import { protocolCheck } from './protocol-check.ts';
import { protocolDiff } from './protocol-diff.ts';
import { protocolSchemaCommand } from './protocol-schema.ts';
import { protocolSynopsis } from './protocol-synopsis.ts';
import { protocolExport, protocolImport } from './protocol-usdm.ts';
import { simulate, simulateMerge } from './simulate.ts';
import { start } from './start.ts';
import { vaultRotateKey, vaultVerify } from './vault-keys.ts';
import { verify } from './verify.ts';

export const commands: readonly Command[] = [
  demo,
  start,
  analyse,
  simulate,
  simulateMerge,
  verify,
  vaultVerify,
  vaultRotateKey,
  protocolCheck,
  protocolDiff,
  protocolCalendar,
  protocolSchemaCommand,
  protocolSynopsis,
  protocolExport,
  protocolImport,
  deviceSimulate,
];
