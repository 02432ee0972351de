import type { TrainingFacts } from '../schema/training.ts';

/** One line of a chart: a value an epoch. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

export interface FinderPoint {
  readonly rate: number;
  readonly loss: number;
  readonly chosen: boolean;
}

/** What is drawn of one phase of a training. */
export interface PhaseCurves {
  readonly name: string;
  readonly epochs: number;
  readonly best: { readonly epoch: number; readonly value: number } | null;
  readonly loss: readonly Curve[];
  /** In percent. */
  readonly accuracy: readonly Curve[];
  /** Empty where it was not kept. */
  readonly learningRate: Curve['points'];
  readonly finder: readonly FinderPoint[];
  /** Photos in a second, and the share of the time in which training waited for them; null where it was not kept. */
  readonly imagesPerSecond: number | null;
  readonly waited: number | null;
}

type Epoch = Omit<TrainingFacts['history'][number], 'phase'>;

/** The curves of a training's phases, in their order; an older Menagerie kept neither rates nor the search for them. */
export function phasesOf({ phases, history }: TrainingFacts): PhaseCurves[] {
  if (phases.length > 0) {
    return phases.map(({ name, history: epochs, rateCurve, imagesPerSecond, waited }) => ({
      ...curvesOf(name, epochs),
      imagesPerSecond,
      waited,
      finder: rateCurve?.points.map((p) => ({ ...p, chosen: p.rate === rateCurve.valley })) ?? [],
    }));
  }
  const names = [...new Set(history.map((epoch) => epoch.phase))];
  return names.map((name) =>
    curvesOf(
      name,
      history.filter((epoch) => epoch.phase === name),
    ),
  );
}

function curvesOf(name: string, epochs: readonly Epoch[]): PhaseCurves {
  const points = (of: (epoch: Epoch) => number | null): Curve['points'] =>
    epochs.flatMap((epoch) => {
      const value = of(epoch);
      return value === null ? [] : [{ epoch: epoch.epoch, value }];
    });
  const percent = (share: number | null): number | null => (share === null ? null : share * 100);
  const validationLoss = points((e) => e.validationLoss);
  const rates = points((e) => e.learningRate);
  return {
    name,
    epochs: epochs.length,
    best: validationLoss.reduce<PhaseCurves['best']>(
      (a, b) => (a === null || b.value < a.value ? b : a),
      null,
    ),
    loss: [
      { name: 'training', points: points((e) => e.loss) },
      { name: 'validation', points: validationLoss },
    ],
    accuracy: [
      { name: 'training', points: points((e) => percent(e.accuracy)) },
      { name: 'validation', points: points((e) => percent(e.validationAccuracy)) },
    ],
    learningRate: rates.some((rate) => rate.value > 0) ? rates : [],
    finder: [],
    imagesPerSecond: null,
    waited: null,
  };
}
