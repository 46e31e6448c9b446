/** A progress bar: redrawn in place on a terminal, a line every tenth where output is piped. */
export type Progress = {
  /** Sets how much is done. */
  at(done: number, note?: string): void;
  finish(note?: string): void;
};

const width = 28;
const redrawEveryMs = 80;

export function createProgress(options: { label: string; total: number; silent: boolean }): Progress {
  const stream = process.stderr;
  const started = performance.now();
  const live = stream.isTTY === true;
  let drawnAt = 0;
  let tenth = -1;

  function line(done: number, note: string): string {
    const share = options.total > 0 ? Math.min(1, done / options.total) : 1;
    const filled = Math.round(share * width);
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const percent = `${Math.round(share * 100)}`.padStart(3);
    return `${options.label.padEnd(26)} ${bar} ${percent} %  ${seconds.padStart(5)} s${note ? `  ${note}` : ''}`;
  }

  function at(done: number, note = ''): void {
    if (options.silent) return;
    if (live) {
      const now = performance.now();
      if (now - drawnAt < redrawEveryMs && done < options.total) return;
      drawnAt = now;
      stream.write(`\r\u001b[2K${line(done, note)}`);
      return;
    }
    const reached = Math.floor((options.total > 0 ? done / options.total : 1) * 10);
    if (reached > tenth) {
      tenth = reached;
      stream.write(`${line(done, note)}\n`);
    }
  }

  return {
    at,
    finish: (note = '') => {
      if (options.silent) return;
      if (live) stream.write(`\r\u001b[2K${line(options.total, note)}\n`);
      else if (tenth < 10) stream.write(`${line(options.total, note)}\n`);
    },
  };
}
