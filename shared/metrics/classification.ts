import { totals, type ConfusionMatrix } from './confusion.ts';

export interface Classification {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface ClassClassification extends Classification {
  /** Images that show the class. */
  readonly support: number;
}

/** The classification report (P5-24). A quotient 0/0 counts as 0, as scikit-learn's `zero_division=0`. */
export interface ClassificationReport {
  readonly classes: readonly ClassClassification[];
  /**
   * Plain mean over the classes that occur as truth or as guess, as scikit-learn's default: a class that the set
   * knows nothing about does not pull the mean down. Null for a set without images in scope.
   */
  readonly macro: Classification | null;
  /** Over all images; with one guess an image all three are the accuracy. */
  readonly micro: Classification | null;
  /** Mean weighted by support. */
  readonly weighted: Classification | null;
}

export function classificationReport(matrix: ConfusionMatrix): ClassificationReport {
  const { truths, predicted, right } = totals(matrix);
  const classes = Array.from(truths, (support, c) => ({
    ...classify(right[c] ?? 0, predicted[c] ?? 0, support),
    support,
  }));
  const present = classes.filter((c, i) => c.support > 0 || (predicted[i] ?? 0) > 0);
  const images = sum(truths);
  return {
    classes,
    macro: mean(present, () => 1),
    micro: images === 0 ? null : classify(sum(right), images, images),
    weighted: mean(classes, (c) => c.support),
  };
}

function classify(right: number, predicted: number, support: number): Classification {
  return {
    precision: ratio(right, predicted),
    recall: ratio(right, support),
    f1: ratio(2 * right, predicted + support),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function mean(
  classes: readonly ClassClassification[],
  weightOf: (c: ClassClassification) => number,
): Classification | null {
  const weight = sum(classes.map(weightOf));
  if (weight === 0) return null;
  const over = (key: keyof Classification): number => sum(classes.map((c) => c[key] * weightOf(c))) / weight;
  return { precision: over('precision'), recall: over('recall'), f1: over('f1') };
}

function sum(values: readonly number[] | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * Matthews correlation over all classes (Gorodkin 2004): −1 … 1; 0 where truth or guesses know only one class, as
 * scikit-learn; null for a set without images in scope.
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): number | null {
  const { truths, predicted, right } = totals(matrix);
  const n = sum(truths);
  if (n === 0) return null;
  const dot = (a: Float64Array, b: Float64Array): number => sum(a.map((x, i) => x * (b[i] ?? 0)));
  const spread = (n * n - dot(predicted, predicted)) * (n * n - dot(truths, truths));
  return spread === 0 ? 0 : (sum(right) * n - dot(truths, predicted)) / Math.sqrt(spread);
}
