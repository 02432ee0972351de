import { OUT_OF_SCOPE, type ScoreTable } from './score-table.ts';

/** Fewer validation images than this say too little about how sure a model may be. */
export const LEAST_IMAGES = 50;

/** What the fit came to; without a temperature it says why. */
export type TemperatureFit =
  | { readonly kind: 'fitted'; readonly temperature: number; readonly images: number }
  | { readonly kind: 'none'; readonly images: number; readonly reason: string };

/** 1 / temperature is looked for between these; beyond them scores are all alike, or all 0 and 1. */
const [LOWEST, HIGHEST] = [0.05, 20];
const STEPS = 40;
const CLOSE = 1e-9;

/** ln of the smallest float32: what a score of 0 stands for. */
const LEAST_LOG = Math.log(2 ** -149);

/**
 * The scores that a network would give with its logits divided by a temperature (Guo, Pleiss, Sun, Weinberger 2017):
 * above 1 it is less sure, below 1 surer; the order of the classes stays. Scores are enough for it, since their
 * logarithms are the logits but for a constant.
 */
export function withTemperature(table: ScoreTable, temperature: number): ScoreTable {
  const scores = table.scores.slice();
  for (let at = 0; at < scores.length; at += table.classes)
    temper(scores.subarray(at, at + table.classes), 1 / temperature);
  return { ...table, scores };
}

/**
 * The temperature with the least log loss, by Newton's method within bounds: the loss is convex in 1 / temperature.
 * @param pass gives all rows in scope and others piece by piece, anew with every call
 */
export async function fitTemperature(pass: () => AsyncIterable<ScoreTable>): Promise<TemperatureFit> {
  let [low, high, at] = [LOWEST, HIGHEST, 1];
  const start = await slopeAt(pass, at);
  const { images } = start;
  if (images < LEAST_IMAGES) return none(images, tooFew(images));
  if (start.errors === 0) return none(images, NO_ERRORS);
  let { slope, curvature } = start;
  for (let step = 0; step < STEPS && Math.abs(slope) > CLOSE && high - low > CLOSE; step++) {
    if (slope > 0) high = at;
    else low = at;
    const next = at - slope / curvature;
    at = next > low && next < high ? next : Math.sqrt(low * high);
    ({ slope, curvature } = await slopeAt(pass, at));
  }
  return { kind: 'fitted', temperature: 1 / at, images };
}

function none(images: number, reason: string): TemperatureFit {
  return { kind: 'none', images, reason };
}

const NO_ERRORS =
  'The validation set holds no mistake, so nothing limits how sure the model may become; no temperature was fitted.';

function tooFew(images: number): string {
  return images === 0
    ? 'There are no validation photos, so no temperature was fitted.'
    : `${images} validation photos are too few to fit a temperature on; it takes ${LEAST_IMAGES}.`;
}

interface Slope {
  /** First and second derivative of the mean log loss by 1 / temperature. */
  readonly slope: number;
  readonly curvature: number;
  readonly images: number;
  readonly errors: number;
}

async function slopeAt(pass: () => AsyncIterable<ScoreTable>, inverse: number): Promise<Slope> {
  let [slope, curvature, images, errors] = [0, 0, 0, 0];
  for await (const { classes, scores, truths } of pass()) {
    truths.forEach((truth, row) => {
      if (truth === OUT_OF_SCOPE) return;
      const logits = Float64Array.from(scores.subarray(row * classes, (row + 1) * classes), logOf);
      const { mean, variance } = momentsAt(logits, inverse);
      slope += mean - (logits[truth] ?? 0);
      curvature += variance;
      images++;
      if (logits.some((logit) => logit > (logits[truth] ?? 0))) errors++;
    });
  }
  return { slope: slope / images, curvature: curvature / images, images, errors };
}

/** Mean and variance of the logits under the softmax of their multiples. */
function momentsAt(logits: Float64Array, inverse: number): { mean: number; variance: number } {
  const top = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let [weight, first, second] = [0, 0, 0];
  for (const logit of logits) {
    const share = Math.exp((logit - top) * inverse);
    weight += share;
    first += share * logit;
    second += share * logit * logit;
  }
  const mean = first / weight;
  return { mean, variance: second / weight - mean * mean };
}

function temper(scores: ScoreTable['scores'], inverse: number): void {
  let top = -Infinity;
  for (const score of scores) top = Math.max(top, logOf(score));
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    const share = Math.exp((logOf(scores[c] ?? 0) - top) * inverse);
    scores[c] = share;
    sum += share;
  }
  for (let c = 0; c < scores.length; c++) scores[c] = (scores[c] ?? 0) / sum;
}

function logOf(score: number): number {
  return score > 0 ? Math.log(score) : LEAST_LOG;
}
