import { appendFileSync } from 'node:fs';

/** How a person is told what happens; a command line prints it, a test collects it. */
export interface Listener {
  /** Something worth a line. */
  readonly say: (line: string) => void;
  /** How far the present work is. */
  readonly progress: (what: string, done: number, total: number) => void;
}

/** The record of a run (P5-43): every line also goes to `run.log`, with its time, before it is shown. */
export interface Log extends Listener {
  /** Something that a person should look at; the run goes on. */
  readonly warn: (line: string) => void;
  /** Only for the file: details that help to understand a failure. */
  readonly note: (line: string) => void;
}

/**
 * Opens the log of a run for appending. Lines are written at once and whole, so that a killed run shows how far it came.
 * @param now time of a line
 */
export function openLog(file: string, listener: Listener, now: () => Date = () => new Date()): Log {
  const write = (kind: string, line: string): void => {
    const indented = line.replaceAll('\n', '\n    ');
    appendFileSync(file, `${now().toISOString()} ${kind} ${indented}\n`);
  };
  return {
    say: (line) => {
      write('info', line);
      listener.say(line);
    },
    warn: (line) => {
      write('warn', line);
      listener.say(`! ${line}`);
    },
    note: (line) => {
      write('note', line);
    },
    progress: listener.progress,
  };
}

/** For work outside a run folder: shown, kept nowhere. */
export function unkeptLog(listener: Listener): Log {
  return {
    ...listener,
    warn: (line) => {
      listener.say(`! ${line}`);
    },
    note: () => undefined,
  };
}
