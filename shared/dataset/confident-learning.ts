import { calibrateJoint, errorCounts } from './confident-joint.ts';

/** Softmax values of examples by models that never saw them, made or read on demand: all at once they may be too many. */
export interface ScoreSource {
  readonly classes: number;
  /** Given label of each example, 0 … classes − 1. */
  readonly labels: Int32Array;
  /** Writes an example's values to `out`, of length `classes`. Asked for twice, in order. */
  readonly read: (row: number, out: Float32Array) => void;
  /** One of them, as `read` gave it but for rounding. Asked for of few: labels that are often given in place of each other. */
  readonly at: (row: number, label: number) => number;
}

/**
 * Rules by which a label may be an error, as bits. Those that two rules agree on are fewer and surer: `NOISE_RATE` with
 * `CLASS` is what cleanlab calls `both`.
 */
export const NOISE_RATE = 1;
export const CLASS = 2;
export const CONFIDENT = 4;

export interface LabelIssues {
  /** Mean self-confidence of each label's examples: whoever reaches it counts as a confident example of that label. */
  readonly thresholds: Float64Array;
  /** Counts of all examples, given label × suspected true label, row by row. */
  readonly joint: Int32Array;
  /** By which rules each example's label is doubted; 0: by none. */
  readonly rules: Uint8Array;
  /** The best label of each example, the first of several. */
  readonly best: Int32Array;
}

/** Rows between two pauses. */
const PIECE = 32;
/** Slack of comparisons. */
const SLACK = 1e-6;
/** A label without examples is reached by nobody. */
const UNREACHED = 2;

/**
 * Confident learning (Northcutt, Jiang, Chuang 2021, JAIR 70, sections 3.1 and 3.2), step by step as cleanlab has it:
 * thresholds, confident joint, calibration, pruning by noise rate, by class, and by the confident joint's own examples.
 * A label whose value is the best one is never doubted, within a slack of 1e-6.
 *
 * Labels without examples doubt nobody and are suspected nowhere; the only example of a label is doubted by `CONFIDENT`
 * alone. Of equal values the first row comes first (NumPy leaves open which), so the same rows give the same answer.
 * @returns yields the share done, 0 … 1, now and then, so that whoever runs it can pause or stop
 */
export function* findLabelIssues(source: ScoreSource): Generator<number, LabelIssues> {
  const thresholds = yield* thresholdsOf(source);
  const counted = yield* countConfident(source, thresholds);
  const joint = calibrateJoint(counted.joint, countsOf(source));
  const rules = counted.rules;
  const errors = errorCounts(joint, source.classes);
  for (const [label, rows] of membersOf(source).entries())
    if (rows.length > 1) yield* prune(source, errors, label, rows, rules);
  counted.sure.forEach((sure, row) => {
    if (sure === 1) rules[row] = 0;
  });
  return { thresholds, joint, rules, best: counted.best };
}

function* thresholdsOf(source: ScoreSource): Generator<number, Float64Array> {
  const sums = new Float64Array(source.classes);
  yield* eachRow(source, 0, (scores, _, given) => {
    sums[given] = (sums[given] as number) + (scores[given] as number);
  });
  const counts = countsOf(source);
  return sums.map((sum, c) =>
    counts[c] === 0 ? UNREACHED : Math.max(2 * SLACK, sum / (counts[c] as number)),
  );
}

interface Counted {
  /** Of confident examples alone, at least one of each label with itself. */
  readonly joint: Int32Array;
  readonly rules: Uint8Array;
  readonly best: Int32Array;
  /** 1 where the given label is the best one. */
  readonly sure: Uint8Array;
}

function* countConfident(source: ScoreSource, thresholds: Float64Array): Generator<number, Counted> {
  const { classes, labels } = source;
  const joint = new Int32Array(classes * classes);
  const [rules, sure] = [new Uint8Array(labels.length), new Uint8Array(labels.length)];
  const best = new Int32Array(labels.length);
  yield* eachRow(source, 1, (scores, row, given) => {
    const { most, reached, first } = reach(scores, thresholds);
    best[row] = most;
    sure[row] = most === given || (scores[given] as number) + SLACK > (scores[most] as number) ? 1 : 0;
    if (reached === 0) return;
    const guess = reached === 1 ? first : most;
    const at = given * classes + guess;
    joint[at] = (joint[at] as number) + 1;
    if (guess !== given) rules[row] = CONFIDENT;
  });
  for (let c = 0; c < classes; c++) joint[c * classes + c] = Math.max(1, joint[c * classes + c] as number);
  return { joint, rules, best, sure };
}

/** The best label of a row, how many labels it is a confident example of, and the first of those. */
function reach(
  scores: Float32Array,
  thresholds: Float64Array,
): { readonly most: number; readonly reached: number; readonly first: number } {
  let most = 0;
  let reached = 0;
  let first = 0;
  for (let c = 0; c < scores.length; c++) {
    const score = scores[c] as number;
    if (score > (scores[most] as number)) most = c;
    if (score < (thresholds[c] as number) - SLACK) continue;
    if (reached === 0) first = c;
    reached += 1;
  }
  return { most, reached, first };
}

/** Doubts those of a label's examples that are least of it, and those that are most of another one. */
function* prune(
  { classes, at }: ScoreSource,
  errors: Int32Array,
  given: number,
  rows: readonly number[],
  rules: Uint8Array,
): Generator<number, void> {
  const own = rows.map((row) => at(row, given));
  const doubt = (values: readonly number[], most: number, rule: number): void => {
    const order = values
      .map((_, i) => i)
      .sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
    for (const i of order.slice(0, most)) {
      const row = rows[i] as number;
      rules[row] = (rules[row] as number) | rule;
    }
  };
  doubt(own, rows.length - (errors[given * classes + given] as number), CLASS);
  for (let other = 0; other < classes; other++) {
    const most = errors[given * classes + other] as number;
    if (other === given || most === 0) continue;
    yield 1;
    doubt(
      rows.map((row, i) => (own[i] as number) - at(row, other)),
      most,
      NOISE_RATE,
    );
  }
}

/** @param pass 0 or 1 of two passes, for the share done */
function* eachRow(
  { classes, labels, read }: ScoreSource,
  pass: number,
  take: (scores: Float32Array, row: number, given: number) => void,
): Generator<number, void> {
  const scores = new Float32Array(classes);
  for (let row = 0; row < labels.length; row++) {
    if (row % PIECE === 0) yield (pass + row / labels.length) / 2;
    read(row, scores);
    take(scores, row, labels[row] as number);
  }
}

function countsOf({ classes, labels }: ScoreSource): Int32Array {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}

function membersOf({ classes, labels }: ScoreSource): readonly (readonly number[])[] {
  const members: number[][] = Array.from({ length: classes }, () => []);
  labels.forEach((label, row) => members[label]?.push(row));
  return members;
}
