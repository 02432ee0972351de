/** How the learning rate goes through a phase of training, as data. */
export type Schedule =
  | { readonly kind: 'constant' }
  /** × `factor` whenever `wait` epochs in a row brought no better validation loss. */
  | { readonly kind: 'plateau'; readonly factor: number; readonly wait: number }
  /** Up in a straight line for a share of the steps, then down a half cosine to 0 (Loshchilov and Hutter 2017, arXiv:1608.03983). */
  | { readonly kind: 'cosine'; readonly warmUp: number }
  /**
   * From rate / `div` up to the rate, then down to rate / `finalDiv`, both along half cosines, the momentum going the other
   * way (Smith 2018, arXiv:1803.09820, as fastai does it: `fit_one_cycle`). `rise`: share of the steps going up.
   */
  | { readonly kind: 'one-cycle'; readonly rise: number; readonly div: number; readonly finalDiv: number };

/** fastai's numbers for `fit_one_cycle`. */
export const ONE_CYCLE: Schedule = { kind: 'one-cycle', rise: 0.25, div: 25, finalDiv: 1e5 };

/** Where training stands. */
export interface Moment {
  /** Steps done before this one, from 0. */
  readonly step: number;
  /** Steps of the whole phase. */
  readonly steps: number;
  /** Validation losses of the epochs done so far (the training loss where there is no validation set). */
  readonly losses: readonly number[];
}

/** What one step is taken with. */
export interface Pace {
  /** Factor on the learning rate of the phase. */
  readonly factor: number;
  /** Share of the last direction that is kept; null: the optimiser's own. */
  readonly momentum: number | null;
}

const [CALM, BRISK] = [0.95, 0.85];

/** The pace of a step: a pure function, so that a resumed training goes on at the pace it would have had. */
export function paceAt(schedule: Schedule, { step, steps, losses }: Moment): Pace {
  switch (schedule.kind) {
    case 'constant':
      return { factor: 1, momentum: null };
    case 'plateau':
      return { factor: schedule.factor ** plateaus(losses, schedule.wait), momentum: null };
    case 'cosine': {
      const warm = Math.ceil(schedule.warmUp * steps);
      if (step < warm) return { factor: (step + 1) / warm, momentum: null };
      return { factor: along(1, 0, (step - warm) / Math.max(1, steps - warm)), momentum: null };
    }
    case 'one-cycle': {
      const position = step / Math.max(1, steps - 1);
      const { rise, div, finalDiv } = schedule;
      const [from, to, part] =
        position < rise ? [1 / div, 1, position / rise] : [1, 1 / finalDiv, (position - rise) / (1 - rise)];
      const momentum = position < rise ? along(CALM, BRISK, part) : along(BRISK, CALM, part);
      return { factor: along(from, to, part), momentum };
    }
  }
}

/** Half a cosine from one value to another; `part` in 0 … 1. */
function along(from: number, to: number, part: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;
}

/** How often `wait` epochs in a row were no better than the best before them. */
function plateaus(losses: readonly number[], wait: number): number {
  let [best, waited, found] = [Infinity, 0, 0];
  for (const loss of losses) {
    waited = loss < best ? 0 : waited + 1;
    best = Math.min(best, loss);
    if (waited === wait) [waited, found] = [0, found + 1];
  }
  return found;
}
