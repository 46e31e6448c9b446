/** The command line as values, for tests and for programs that show its help. */
export { type Command, helpData, helpText, type Option, readArguments } from './command.ts';
export { commands } from './commands/index.ts';
export { asFailure, Failure } from './failure.ts';
export { type Range, runOnCores } from './simulation/pool.ts';
export { version } from './version.ts';
