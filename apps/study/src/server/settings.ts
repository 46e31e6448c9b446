/** The environment of the process, checked once. */
import { z } from 'zod';
import { sessionLimits } from '../access/session.ts';
import type { StudyServerOptions } from './start.ts';

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  LIMEN_VAULT_ADDRESS: z.url({ protocol: /^https?$/ }),
  LIMEN_VAULT_TOKEN: z.string().min(16),
  LIMEN_VAULT_PAGES: z.url({ protocol: /^https?$/ }).optional(),
  LIMEN_KEYS_FILE: z.string().min(1),
  LIMEN_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LIMEN_HOST: z.string().min(1).default('127.0.0.1'),
  LIMEN_LIBRARY: z.string().min(1).optional(),
  LIMEN_PUSH_SUBJECT: z
    .string()
    .regex(/^(mailto:|https:)/)
    .optional(),
  LIMEN_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  LIMEN_MAIL_FROM: z.email().optional(),
  LIMEN_SETUP_CODE: z.string().min(6).max(64).optional(),
  LIMEN_CONSOLE_FOLDER: z.string().min(1).optional(),
  LIMEN_COMPANION_FOLDER: z.string().min(1).optional(),
});

/** Read by a process started with `--demo` and by no other. */
const demonstration = z.object({
  LIMEN_DEMO_SEED: z.string().min(1).optional(),
  LIMEN_DEMO_NOW: z.iso.datetime({ precision: 3 }).optional(),
});

const day = 24 * 60 * 60_000;

/** Weeks pass in minutes while a demonstration runs; its visitors stay signed in. */
const demoSessions = { ...sessionLimits, idleMs: 400 * day, staffMs: 400 * day, participantMs: 400 * day };

export type Settings = {
  /** Null for every process that runs a real study: its clock and keys cannot be set. */
  readonly demo: { readonly seed: string | null; readonly now: string | null } | null;
  readonly keysFile: string;
  readonly server: Omit<StudyServerOptions, 'keys' | 'clock' | 'analyse' | 'log'>;
};

/** Throws a sentence that names what is missing, never a value. */
export function readSettings(env: NodeJS.ProcessEnv, args: readonly string[]): Settings {
  const result = environment.safeParse(env);
  if (!result.success) {
    const names = [...new Set(result.error.issues.map(({ path }) => String(path[0])))];
    throw new Error(`These settings are missing or not right: ${names.join(', ')}.`);
  }
  const given = result.data;
  const demo = args.includes('--demo') ? readDemo(env) : null;
  return {
    demo,
    keysFile: given.LIMEN_KEYS_FILE,
    server: {
      databaseUrl: given.DATABASE_URL,
      vault: { address: given.LIMEN_VAULT_ADDRESS, token: given.LIMEN_VAULT_TOKEN, pages: given.LIMEN_VAULT_PAGES },
      port: given.LIMEN_PORT,
      host: given.LIMEN_HOST,
      library: given.LIMEN_LIBRARY,
      reminders: { pushSubject: given.LIMEN_PUSH_SUBJECT, mail: mailOf(given) },
      setupCode: given.LIMEN_SETUP_CODE,
      staticFolders: { console: given.LIMEN_CONSOLE_FOLDER, companion: given.LIMEN_COMPANION_FOLDER },
      limits: demo !== null ? { sessions: demoSessions } : {},
    },
  };
}

function mailOf({ LIMEN_SMTP_URL: smtpUrl, LIMEN_MAIL_FROM: from }: z.output<typeof environment>) {
  if (smtpUrl === undefined && from === undefined) return undefined;
  if (smtpUrl === undefined || from === undefined) {
    throw new Error('Reminders by e-mail need both LIMEN_SMTP_URL and LIMEN_MAIL_FROM.');
  }
  return { smtpUrl, from };
}

function readDemo(env: NodeJS.ProcessEnv): NonNullable<Settings['demo']> {
  const { LIMEN_DEMO_SEED: seed = null, LIMEN_DEMO_NOW: now = null } = demonstration.parse(env);
  return { seed, now };
}
