import { createRandom } from './random.ts';

/** Examples to learn from. */
export interface Lesson {
  /** Length of a row. */
  readonly width: number;
  /** Row by row, standardised. */
  readonly rows: Float32Array;
  /** Class of each row, 0 … classes − 1. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** A linear softmax classifier in plain arrays. */
export interface SoftmaxHead {
  readonly width: number;
  readonly classes: number;
  /** Class by class. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

const BATCH = 32;
/** Steps of a training from nothing; one that goes on from an earlier head takes a third. */
const STEPS = 600;
const MOST_EPOCHS = 60;
const RATE = 0.01;
/** Pull of the kernel towards 0, apart from the gradient (AdamW). */
const DECAY = 0.5;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

export function emptyHead(width: number, classes: number): SoftmaxHead {
  return { width, classes, kernel: new Float32Array(width * classes), bias: new Float32Array(classes) };
}

/**
 * Learns with AdamW from small batches; each class counts alike, whatever its number of examples, so that a new one is
 * heard beside those with hundreds. The same lesson and start give the same head. Plain arrays: small enough for a
 * background thread without an engine.
 * @param start a head to go on from, of the same width and classes; null for none
 * @returns the head; yields the share done, 0 … 1, after each round, so that whoever runs it can pause
 */
export function* learnHead(lesson: Lesson, start: SoftmaxHead | null): Generator<number, SoftmaxHead> {
  const { width, classes, labels } = lesson;
  const head = start ? copyOf(start) : emptyHead(width, classes);
  const batches = Math.ceil(labels.length / BATCH);
  const steps = start ? STEPS / 3 : STEPS;
  const epochs = Math.min(start ? MOST_EPOCHS / 3 : MOST_EPOCHS, Math.max(6, Math.ceil(steps / batches)));
  const weights = weightsOf(lesson);
  const random = createRandom(1);
  const adam = { kernel: createAdam(head.kernel), bias: createAdam(head.bias) };
  const total = epochs * batches;
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.shuffle(Array.from(labels.keys()));
    for (let at = 0; at < order.length; at += BATCH) {
      const slope = slopeOf(head, lesson, order.slice(at, at + BATCH), weights);
      step += 1;
      const rate = RATE * (1 - (step - 1) / total);
      adam.kernel(slope.kernel, rate, DECAY);
      adam.bias(slope.bias, rate, 0);
    }
    yield (epoch + 1) / epochs;
  }
  return head;
}

/** Softmax of the head for one standardised row, written to `out`. */
export function scoreRow(head: SoftmaxHead, rows: Float32Array, from: number, out: Float32Array): void {
  const { classes } = head;
  let most = -Infinity;
  for (let c = 0; c < classes; c++) {
    const sum = logit(head, rows, from, c);
    out[c] = sum;
    if (sum > most) most = sum;
  }
  let total = 0;
  for (let c = 0; c < classes; c++) total += out[c] = Math.exp((out[c] as number) - most);
  for (let c = 0; c < classes; c++) out[c] = (out[c] as number) / total;
}

/** What the head makes of one class for one standardised row, before the softmax. */
export function logit(
  { width, kernel, bias }: SoftmaxHead,
  rows: Float32Array,
  from: number,
  label: number,
): number {
  const own = label * width;
  // Four sums at a time: one alone would wait for itself.
  let a = bias[label] as number;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k + 3 < width; k += 4) {
    a += (kernel[own + k] as number) * (rows[from + k] as number);
    b += (kernel[own + k + 1] as number) * (rows[from + k + 1] as number);
    c += (kernel[own + k + 2] as number) * (rows[from + k + 2] as number);
    d += (kernel[own + k + 3] as number) * (rows[from + k + 3] as number);
  }
  for (; k < width; k++) a += (kernel[own + k] as number) * (rows[from + k] as number);
  return a + b + c + d;
}

/** What each class's examples count, so that all classes count alike and the mean is 1. */
function weightsOf({ labels, classes }: Lesson): Float32Array {
  const counts = new Float32Array(classes);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.map((n) => (n === 0 ? 0 : labels.length / (classes * n)));
}

/** Gradient of the mean cross entropy of some rows. */
function slopeOf(
  head: SoftmaxHead,
  { rows, labels, width, classes }: Lesson,
  batch: readonly number[],
  weights: Float32Array,
): { kernel: Float32Array; bias: Float32Array } {
  const slope = { kernel: new Float32Array(width * classes), bias: new Float32Array(classes) };
  const scores = new Float32Array(classes);
  for (const row of batch) {
    const from = row * width;
    const label = labels[row] as number;
    scoreRow(head, rows, from, scores);
    const weight = (weights[label] as number) / batch.length;
    for (let c = 0; c < classes; c++) {
      const pull = weight * ((scores[c] as number) - (c === label ? 1 : 0));
      slope.bias[c] = (slope.bias[c] as number) + pull;
      const own = c * width;
      for (let k = 0; k < width; k++)
        slope.kernel[own + k] = (slope.kernel[own + k] as number) + pull * (rows[from + k] as number);
    }
  }
  return slope;
}

type Update = (slope: Float32Array, rate: number, decay: number) => void;

function createAdam(values: Float32Array): Update {
  const [first, second] = [new Float32Array(values.length), new Float32Array(values.length)];
  let [power1, power2] = [1, 1];
  return (slope, rate, decay) => {
    power1 *= BETA1;
    power2 *= BETA2;
    for (let i = 0; i < values.length; i++) {
      const g = slope[i] as number;
      const m = (first[i] = BETA1 * (first[i] as number) + (1 - BETA1) * g);
      const v = (second[i] = BETA2 * (second[i] as number) + (1 - BETA2) * g * g);
      const change = m / (1 - power1) / (Math.sqrt(v / (1 - power2)) + EPSILON);
      values[i] = (values[i] as number) * (1 - rate * decay) - rate * change;
    }
  };
}

function copyOf(head: SoftmaxHead): SoftmaxHead {
  return { ...head, kernel: head.kernel.slice(), bias: head.bias.slice() };
}
