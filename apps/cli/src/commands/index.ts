import type { Command } from '../command.ts';
import { analyse } from './analyse.ts';
import { demo } from './demo.ts';
import { protocolCheck } from './protocol-check.ts';
import { simulate } from './simulate.ts';
import { start } from './start.ts';
import { verify } from './verify.ts';

export const commands: readonly Command[] = [demo, start, analyse, simulate, verify, protocolCheck];
