import { messageOf } from '../../components/problem.ts';
import type {
  EvidenceState,
  OpenScores,
  ScoresSource,
  SetAtThreshold,
  WhatIf,
} from '../../state/contract-evidence.ts';
import { Latest } from '../library/plan/latest.svelte.ts';

export type ScoresStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'ready'; readonly scores: OpenScores }
  | { readonly kind: 'failed'; readonly message: string };

/** As much of it as is shown: of one desk, or of two together. */
export type LoadStatus = Exclude<ScoresStatus, { kind: 'ready' }> | { readonly kind: 'ready' };

/** Least and most that the slider gives, in tenths of a point of confidence. */
export const SLIDER = { least: 500, most: 999 } as const;

/** The scores behind one model's evidence, and what they come to at the threshold that somebody chose. */
export class ScoresDesk {
  #usual = $state(0);
  #status = $state.raw<ScoresStatus>({ kind: 'none' });
  #threshold = $state(0);
  #atUsual = $state.raw<WhatIf | null>(null);
  readonly #now = new Latest<WhatIf>();
  readonly #evidence: Pick<EvidenceState, 'openScores'>;
  #loading: AbortController | null = null;

  constructor(evidence: Pick<EvidenceState, 'openScores'>, usual: number) {
    this.#evidence = evidence;
    this.#usual = usual;
    this.#threshold = usual;
  }

  get status(): ScoresStatus {
    return this.#status;
  }

  /** Of the card, or of the run: what the figures are compared with. */
  get usual(): number {
    return this.#usual;
  }

  get threshold(): number {
    return this.#threshold;
  }

  /** What is known at the threshold; a moment behind while it moves, null until the scores are at hand. */
  get now(): WhatIf | null {
    const outcome = this.#now.outcome;
    return outcome.kind === 'done' ? outcome.value : this.#atUsual;
  }

  get atUsual(): WhatIf | null {
    return this.#atUsual;
  }

  get scores(): OpenScores | null {
    return this.#status.kind === 'ready' ? this.#status.scores : null;
  }

  /** What could not be worked out, in words; empty for nothing. */
  get problem(): string {
    return this.#now.outcome.kind === 'failed' ? this.#now.outcome.message : '';
  }

  /** Ends as `status`, never as a rejection. */
  async load(source: ScoresSource): Promise<void> {
    if (this.#status.kind === 'loading' || this.#status.kind === 'ready') return;
    const stop = new AbortController();
    this.#loading = stop;
    this.#status = { kind: 'loading', loadedBytes: 0, totalBytes: 0 };
    try {
      const scores = await this.#evidence.openScores(source, this.#progress, stop.signal);
      await this.#ready(scores, stop.signal);
    } catch (error) {
      this.#status = stop.signal.aborted ? { kind: 'none' } : { kind: 'failed', message: messageOf(error) };
    }
  }

  cancel = (): void => {
    this.#loading?.abort();
  };

  /** @param threshold 0.5 … 0.999 */
  move = (threshold: number): void => {
    this.#threshold = threshold;
    const scores = this.scores;
    if (scores) this.#now.ask(() => scores.figures(threshold));
  };

  /** Leaves the page: gives up what is loading and lets go of what is at hand. */
  close = (): void => {
    this.cancel();
    this.scores?.close();
  };

  #progress = (loadedBytes: number, totalBytes: number): void => {
    if (this.#status.kind === 'loading') this.#status = { kind: 'loading', loadedBytes, totalBytes };
  };

  async #ready(scores: OpenScores, signal: AbortSignal): Promise<void> {
    try {
      this.#atUsual = await scores.figures(scores.threshold);
      signal.throwIfAborted();
    } catch (error) {
      scores.close();
      throw error;
    }
    if (this.#threshold === this.#usual) this.#threshold = scores.threshold;
    this.#usual = scores.threshold;
    this.#status = { kind: 'ready', scores };
    if (this.#threshold !== this.#usual) this.move(this.#threshold);
  }
}

/** One set of a what-if by its name. */
export function setIn(figures: WhatIf | null, name: string): SetAtThreshold | null {
  return figures?.sets.find((set) => set.name === name) ?? null;
}

/** Two desks whose scores are wanted together. */
export function bothOf(a: ScoresStatus, b: ScoresStatus): LoadStatus {
  for (const one of [a, b]) if (one.kind === 'failed') return one;
  if (a.kind === 'ready' && b.kind === 'ready') return a;
  const loading = [a, b].flatMap((one) => (one.kind === 'loading' ? [one] : []));
  if (loading.length === 0) return { kind: 'none' };
  return {
    kind: 'loading',
    loadedBytes: loading.reduce((sum, one) => sum + one.loadedBytes, 0),
    totalBytes: loading.reduce((sum, one) => sum + one.totalBytes, 0),
  };
}
