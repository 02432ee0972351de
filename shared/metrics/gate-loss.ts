import type { GateCheck, Targets } from '../schema/gate.ts';
import type { LossComparison, ModelFigures, Production, SetFigures } from './gate-figures.ts';
import { counted } from './gate-words.ts';

/** Two engines round differently: so much more is no difference (nats). */
const ROUNDING = 1e-5;

/** The set whose loss counts: the test set where it has photos, else validation. */
export function witness(sets: readonly SetFigures[]): SetFigures | null {
  const filled = sets.filter((set) => set.summary.images > 0);
  return filled.find((s) => s.name === 'test') ?? filled.find((s) => s.name === 'validation') ?? null;
}

/** P3-19: losses compare only over the same photos and under the same commonly-confused table. */
export function compareLosses(own: ModelFigures, production: Production): LossComparison {
  if (production.kind === 'none') return no('nothing is in production yet');
  if (production.kind === 'unreadable') return no('what is in production can’t be read');
  if (production.loss) return production.loss;
  const set = witness(own.sets);
  const measured = set?.summary.weightedLogLoss ?? null;
  if (!set || measured === null) return no('neither a test nor a validation set has photos');
  const other = production.figures.sets.find((s) => s.name === set.name);
  const theirs = other?.summary.weightedLogLoss ?? null;
  if (!other || theirs === null) return no(`production has no figure for the ${set.name} set`);
  if (production.figures.confusedTable !== own.confusedTable)
    return no('production was measured with another commonly-confused table');
  if (other.pictures !== set.pictures) return no(`production was measured on another ${set.name} set`);
  const { images } = set.summary;
  return { kind: 'compared', set: set.name, images, of: images, measured, production: theirs };
}

/** Does the new model make no heavier mistakes than production? */
export function lossCheck(loss: LossComparison, targets: Targets): GateCheck {
  const base = {
    check: 'weighted-log-loss',
    set: null,
    target: null,
    measured: null,
    production: null,
  } as const;
  if (loss.kind === 'not-comparable') {
    const isRequired = targets.require.includes('weighted-log-loss');
    return isRequired
      ? {
          ...base,
          outcome: 'failed',
          sentence: `Weighted log loss: the targets require it, but ${loss.reason}.`,
        }
      : { ...base, outcome: 'not-checked', sentence: `Weighted log loss: not checked, ${loss.reason}.` };
  }
  const { set, measured, production } = loss;
  const { tolerance } = targets['weighted-log-loss'];
  const target = production + tolerance;
  return {
    ...base,
    set,
    target,
    measured,
    production,
    outcome: measured <= target + ROUNDING ? 'passed' : 'failed',
    sentence: sentenceOf(loss, tolerance),
  };
}

function sentenceOf(loss: Extract<LossComparison, { kind: 'compared' }>, tolerance: number): string {
  const { set, images, of, measured, production } = loss;
  const photos =
    images === of
      ? counted(images, 'photo')
      : `the ${images} of ${of} photos that both versions know and neither learnt from`;
  const wanted = tolerance > 0 ? `at most ${tolerance} more is allowed` : 'not more than that is wanted';
  return `Weighted log loss on the ${set} set (${photos}): ${measured.toFixed(4)}; production has ${production.toFixed(4)}, ${wanted}.`;
}

function no(reason: string): LossComparison {
  return { kind: 'not-comparable', reason };
}
