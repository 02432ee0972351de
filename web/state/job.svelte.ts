import type { Recognised } from '#shared/formats/foreign.ts';
import type { JobState, Problem } from './contract.ts';
import { track } from './work.ts';

/** Running totals that a job's work counts up. */
export interface JobTally {
  done: number;
  total: number;
  known: number;
  readonly problems: Problem[];
  /** Lists of labels that came with the files. */
  lists?: readonly Recognised[];
  /** Shows the totals; often called, seldom drawn. */
  readonly changed: () => void;
}

const DRAWN_EVERY_MS = 100;

/** Long work of one kind, one at a time, that can be watched and cancelled. */
export class Job {
  #state = $state.raw<JobState>({ kind: 'idle' });
  #controller: AbortController | null = null;

  get state(): JobState {
    return this.#state;
  }

  cancel(): void {
    this.#controller?.abort();
  }

  /**
   * Runs the work and ends as a state, never as a rejection.
   * @throws Error only when this kind of work is running already
   */
  async run(label: string, work: (tally: JobTally, signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#controller)
      throw new Error('This is running already. Wait until it is done, or stop it first.');
    const controller = new AbortController();
    this.#controller = controller;
    let drawn = 0;
    const tally: JobTally = {
      done: 0,
      total: 0,
      known: 0,
      problems: [],
      changed: () => {
        const now = performance.now();
        if (now - drawn < DRAWN_EVERY_MS || this.#controller !== controller) return;
        drawn = now;
        this.#state = { kind: 'running', done: tally.done, total: tally.total, label };
      },
    };
    this.#state = { kind: 'running', done: 0, total: 0, label };
    try {
      await track(work(tally, controller.signal));
      const { done, total, known, problems, lists } = tally;
      this.#state = {
        kind: 'finished',
        done,
        total,
        known,
        problems,
        ...(lists && { lists }),
      };
    } catch (cause) {
      const { done, total, problems } = tally;
      const message = cause instanceof Error ? cause.message : String(cause);
      this.#state = controller.signal.aborted
        ? { kind: 'cancelled', done, total }
        : { kind: 'failed', message, done, problems };
    } finally {
      this.#controller = null;
    }
  }
}
