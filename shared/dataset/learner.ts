import { compareText } from './random.ts';
import type { Scale, SeenPhotos } from './seen-photos.ts';
import { emptyHead, learnHead, scoreRow, type Lesson, type SoftmaxHead } from './softmax-head.ts';

/** A label with fewer examples is not learnt. */
export const FEWEST = 3;
/** Examples of a label that are learnt from; more of them teach little. */
const MOST = 80;

export interface LearntGuess {
  readonly label: string;
  /** Softmax value 0 … 1 of the head that learns: never to be mixed with another model's. */
  readonly score: number;
}

/** What the head has learnt from. */
export interface Knowledge {
  readonly photos: number;
  readonly labels: number;
}

interface Learnt {
  readonly labels: readonly string[];
  readonly head: SoftmaxHead;
  /** As the head was shown its rows. */
  readonly scale: Scale;
  readonly rows: ReadonlySet<number>;
}

/** Learns from photos labelled so far what their labels look like. The same photos and labels give the same answers. */
export class Learner {
  readonly #seen: SeenPhotos;
  #learnt: Learnt | null = null;

  constructor(seen: SeenPhotos) {
    this.#seen = seen;
  }

  get knowledge(): Knowledge | null {
    return this.#learnt && { photos: this.#learnt.rows.size, labels: this.#learnt.labels.length };
  }

  /**
   * Learns anew, going on from what it knew; what it knew before answers until it is done. With fewer than two labels
   * of three examples nothing is known.
   * @param labels label of each photo to learn from; those that were not seen are passed over
   * @returns yields the share done after each round, so that whoever runs it can pause, or drop it for a newer one
   */
  *learn(labels: Iterable<readonly [photo: string, label: string]>): Generator<number, void> {
    const examples = this.#examplesOf(labels);
    const names = examples.map(({ label }) => label);
    if (names.length < 2) {
      this.#learnt = null;
      return;
    }
    const scale = this.#seen.scale();
    const rows = examples.flatMap((one) => one.rows);
    const lesson: Lesson = {
      width: this.#seen.width,
      rows: this.#seen.scaled(rows, scale),
      labels: Int32Array.from(examples.flatMap((one, c) => one.rows.map(() => c))),
      classes: names.length,
    };
    const head = yield* learnHead(lesson, this.#start(names));
    this.#learnt = { labels: names, head, scale, rows: new Set(rows) };
  }

  /** The labels that a photo most looks like, best first; none for one that was not seen, or while nothing is known. */
  suggest(photo: string, most: number): readonly LearntGuess[] {
    const row = this.#seen.rowOf(photo);
    if (row === undefined || !this.#learnt) return [];
    const scores = this.#scores([row], this.#learnt);
    return this.#learnt.labels
      .map((label, c) => ({ label, score: scores[c] as number }))
      .sort((a, b) => b.score - a.score || compareText(a.label, b.label))
      .slice(0, most);
  }

  /** Whether it has learnt from this very photo: then what it suggests for it is no second opinion. */
  isTaughtBy(photo: string): boolean {
    const row = this.#seen.rowOf(photo);
    return row !== undefined && this.#learnt?.rows.has(row) === true;
  }

  /** How far a row's best label is ahead of the next one, 0 … 1; null while nothing is known. */
  get margin(): ((row: number) => number) | null {
    const learnt = this.#learnt;
    return learnt && ((row): number => marginOf(this.#scores([row], learnt)));
  }

  /** Rows to learn from, by label: those with enough of them, in an order that does not depend on when they came. */
  #examplesOf(
    labels: Iterable<readonly [photo: string, label: string]>,
  ): { readonly label: string; readonly rows: readonly number[] }[] {
    const byLabel = new Map<string, string[]>();
    for (const [photo, label] of labels) {
      if (this.#seen.rowOf(photo) === undefined) continue;
      const list = byLabel.get(label);
      if (list) list.push(photo);
      else byLabel.set(label, [photo]);
    }
    return [...byLabel]
      .filter(([, photos]) => photos.length >= FEWEST)
      .sort(([a], [b]) => compareText(a, b))
      .map(([label, photos]) => {
        const chosen = photos.sort(compareText).slice(0, MOST);
        return { label, rows: chosen.map((photo) => this.#seen.rowOf(photo) as number) };
      });
  }

  /** What was known of the same labels; a label that is new begins with nothing. */
  #start(labels: readonly string[]): SoftmaxHead | null {
    const before = this.#learnt;
    if (!before) return null;
    const { width } = this.#seen;
    const head = emptyHead(width, labels.length);
    labels.forEach((label, c) => {
      const was = before.labels.indexOf(label);
      if (was === -1) return;
      head.kernel.set(before.head.kernel.subarray(was * width, (was + 1) * width), c * width);
      head.bias[c] = before.head.bias[was] as number;
    });
    return head;
  }

  #scores(rows: readonly [number], { head, labels, scale }: Learnt): Float32Array {
    const scores = new Float32Array(labels.length);
    scoreRow(head, this.#seen.scaled(rows, scale), 0, scores);
    return scores;
  }
}

/** How far the best score is ahead of the next one. */
export function marginOf(scores: ArrayLike<number>): number {
  let [best, next] = [0, 0];
  for (let c = 0; c < scores.length; c++) {
    const score = scores[c] as number;
    if (score > best) [best, next] = [score, best];
    else if (score > next) next = score;
  }
  return best - next;
}
