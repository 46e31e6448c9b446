/** A failure that a person can act on: said in a sentence, with what to do, never as a stack trace. */
export class Failure extends Error {
  readonly code: string;
  readonly advice: string | null;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, advice: string | null = null, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.advice = advice;
    this.details = details;
  }
}

/** Failures of the rooms below carry `code` and sometimes `advice`; anything else is a fault of ours. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Error) {
    const { code, advice } = error as Error & { code?: unknown; advice?: unknown };
    const system = typeof code === 'string' ? systemFailures[code] : undefined;
    if (system) return new Failure(system.code, system.say(error), system.advice);
    if (typeof code === 'string' && !code.startsWith('ERR_')) {
      return new Failure(code, error.message, typeof advice === 'string' ? advice : null);
    }
    return new Failure(
      'unexpected',
      `Something went wrong: ${error.message}`,
      'Please report this with the text below.',
      {
        stack: error.stack,
      },
    );
  }
  return new Failure('unexpected', String(error));
}

const systemFailures: Record<string, { code: string; say(error: Error): string; advice: string }> = {
  ENOENT: {
    code: 'file_not_found',
    say: (error) => `The file or folder was not found: ${pathOf(error)}`,
    advice: 'Check the path.',
  },
  EISDIR: {
    code: 'not_a_file',
    say: (error) => `This is a folder, not a file: ${pathOf(error)}`,
    advice: 'Name a file.',
  },
  EACCES: {
    code: 'permission_denied',
    say: (error) => `No permission for ${pathOf(error)}`,
    advice: 'Choose a place that belongs to you, or change its owner.',
  },
  ENOSPC: {
    code: 'disk_full',
    say: () => 'The disk is full.',
    advice: 'Free some space and run the command again; nothing accepted so far is lost.',
  },
  ENOTDIR: {
    code: 'not_a_folder',
    say: (error) => `Part of the path is a file, not a folder: ${pathOf(error)}`,
    advice: 'Check the path.',
  },
  EROFS: {
    code: 'permission_denied',
    say: (error) => `This disk can only be read: ${pathOf(error)}`,
    advice: 'Choose a place that can be written.',
  },
  EPERM: {
    code: 'permission_denied',
    say: (error) => `The system does not allow this for ${pathOf(error)}`,
    advice: 'Choose a place that belongs to you, or change its owner.',
  },
  ECONNREFUSED: {
    code: 'database_unreachable',
    say: (error) => `Nothing answers at the address of the database (${error.message || 'connection refused'}).`,
    advice: 'Check that it is running and that its URL is right.',
  },
  ENOTFOUND: {
    code: 'database_unreachable',
    say: (error) => `The computer of the database is not known (${error.message}).`,
    advice: 'Check the URL.',
  },
  '28P01': {
    code: 'database_refused',
    say: () => 'The database refused the user or the password.',
    advice: 'Check the URL.',
  },
  '3D000': {
    code: 'database_missing',
    say: (error) => `The server has no such database (${error.message}).`,
    advice: 'Check the name at the end of the URL, or create the database.',
  },
  EADDRINUSE: {
    code: 'port_in_use',
    say: (error) => `The port is in use: ${(error as Error & { port?: number }).port ?? error.message}`,
    advice: 'Stop the other program, or choose another port with --port.',
  },
};

function pathOf(error: Error): string {
  return (error as Error & { path?: string }).path ?? error.message;
}
