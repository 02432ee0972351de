/**
 * Arithmetic of confident learning on counts (Northcutt, Jiang, Chuang 2021, "Confident Learning: Estimating Uncertainty
 * in Dataset Labels", JAIR 70). Matrices are of `classes` × `classes`, row by row: given label × suspected true label.
 */

/** Keeps divisions by nothing away. */
const TINY = 1e-100;
/** A rate of errors never counts as certain. */
const MOST_NOISE = 0.9999;

/**
 * Counts of confident examples as counts of all examples: each row is stretched to the number of examples with that given
 * label. Rounded to whole numbers that keep the sums of rows.
 * @param counts examples of each given label
 */
export function calibrateJoint(joint: Int32Array, counts: Int32Array): Int32Array {
  const classes = counts.length;
  const stretched = Float64Array.from(joint);
  for (let given = 0; given < classes; given++) {
    const row = stretched.subarray(given * classes, (given + 1) * classes);
    const sum = Math.max(TINY, sumOf(row));
    row.forEach((value, c) => (row[c] = (value / sum) * (counts[given] as number)));
  }
  const [sum, all] = [Math.max(TINY, sumOf(stretched)), sumOf(counts)];
  const calibrated = new Int32Array(joint.length);
  for (let given = 0; given < classes; given++) {
    const row = stretched
      .subarray(given * classes, (given + 1) * classes)
      .map((value) => (value / sum) * all);
    calibrated.set(roundKeepingSum(row), given * classes);
  }
  return calibrated;
}

/**
 * How many examples of each given label are errors of each true label; on the diagonal, how many are right, at least one.
 * What a diagonal had to be raised by is taken evenly off its row's errors.
 */
export function errorCounts(calibrated: Int32Array, classes: number): Int32Array {
  const result = new Int32Array(calibrated.length);
  for (let given = 0; given < classes; given++) {
    const row = calibrated.subarray(given * classes, (given + 1) * classes);
    const right = Math.max(1, row[given] as number);
    const raised = right - (row[given] as number);
    const share = raised / Math.max(1, row.filter((count) => count !== 0).length - 1);
    row.forEach((count, c) => (result[given * classes + c] = Math.max(0, count - share)));
    result[given * classes + given] = right;
  }
  return result;
}

/**
 * How often a true label is given as which other one.
 * @returns P(given | true), true label by columns, each of which adds up to 1
 */
export function noiseMatrix(calibrated: Int32Array, classes: number): Float64Array {
  const noise = Float64Array.from(calibrated);
  for (let truth = 0; truth < classes; truth++) {
    const column = Array.from({ length: classes }, (_, given) => given * classes + truth);
    const scale = (change: (value: number, given: number) => number): void => {
      column.forEach((at, given) => (noise[at] = change(noise[at] as number, given)));
    };
    const sum = (): number => column.reduce((total, at) => total + (noise[at] as number), 0);
    const all = Math.max(TINY, sum());
    scale((value, given) => (given === truth ? value / all : Math.min(MOST_NOISE, value / all)));
    const clipped = sum();
    scale((value) => (clipped === 0 ? 0 : value / clipped));
  }
  return noise;
}

/** Whole numbers with the rounded sum of others: those that lose or gain most by rounding give way. */
function roundKeepingSum(values: Float64Array): Int32Array {
  const whole = values.map(roundHalfEven);
  let missing = roundHalfEven(sumOf(values)) - sumOf(whole);
  while (missing !== 0) {
    const step = Math.sign(missing);
    const order = Array.from(values.keys()).sort(
      (a, b) => lost(values, whole, a) - lost(values, whole, b) || a - b,
    );
    if (step > 0) order.reverse();
    for (const at of order.slice(0, Math.abs(missing))) whole[at] = (whole[at] as number) + step;
    missing = roundHalfEven(sumOf(values)) - sumOf(whole);
  }
  return Int32Array.from(whole);
}

function lost(values: Float64Array, whole: Float64Array, at: number): number {
  return (values[at] as number) - (whole[at] as number);
}

/** As NumPy rounds. */
function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

function sumOf(values: Float64Array | Int32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
