import { clearLine, cursorTo } from 'node:readline';

/** Where a command speaks: progress to stderr, its result to stdout. */
export interface Output {
  /** Something worth a line. */
  readonly say: (line: string) => void;
  /** How far the present work is: one live line on a terminal, now and then a plain line elsewhere. */
  readonly progress: (what: string, done: number, total: number) => void;
  /** What the command was called for: words for people, or with `--json` one object for machines. */
  readonly result: (value: object, words: string) => void;
}

/** Plain lines are for logs: one a tenth of the work, and not more often than this. */
const PLAIN_STEPS = 10;

interface Terminal {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** @param json machines read stdout */
export function createOutput(json: boolean, { stdout, stderr }: Terminal = process): Output {
  let live = false;
  let lastPlain = '';
  const wipe = (): void => {
    if (!live) return;
    clearLine(stderr, 0);
    cursorTo(stderr, 0);
    live = false;
  };
  return {
    say: (line) => {
      wipe();
      stderr.write(`${line}\n`);
    },
    progress: (what, done, total) => {
      if (stderr.isTTY === true) {
        wipe();
        if (done < total) {
          stderr.write(
            `${what} ${bar(done, total)} ${done} of ${total}`.slice(0, (stderr.columns ?? 80) - 1),
          );
          live = true;
        }
        return;
      }
      const plain = `${what} ${Math.floor((PLAIN_STEPS * done) / Math.max(1, total))}`;
      if (plain === lastPlain) return;
      lastPlain = plain;
      stderr.write(`${what}: ${done} of ${total}\n`);
    },
    result: (value, words) => {
      wipe();
      stdout.write(json ? `${JSON.stringify(value)}\n` : `${words}\n`);
    },
  };
}

/**
 * Whoever listened may be gone (`menagerie … | head`, a terminal that was closed): the work goes on all the same. Without
 * this each word would be an error, and telling of it the next one.
 */
export function surviveClosedPipes({ stdout, stderr }: Terminal = process): void {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

function bar(done: number, total: number): string {
  const full = Math.round((20 * done) / Math.max(1, total));
  return `[${'#'.repeat(full)}${'.'.repeat(20 - full)}]`;
}

/** Flat facts, one a line. */
export function factsInWords(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([fact, value]) => `${fact}: ${String(value)}`)
    .join('\n');
}
