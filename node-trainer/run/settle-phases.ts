import type { AugmentOptions } from '#shared/schema/augment.ts';

import { augmentationOf } from './augmentations.ts';
import { AS_RECIPE } from './option-kinds.ts';
import type { RunOptions } from './options.ts';
import { type Phase, RECIPES } from './recipes.ts';

/** A phase with everything that the settings of a run say about it. */
export interface SettledPhase extends Omit<Phase, 'augment'> {
  /** How photos are varied; null: they stay as they are. */
  readonly augmentation: AugmentOptions | null;
  readonly labelSmoothing: number;
  readonly dropout: number;
  readonly mixup: number;
  readonly classWeights: boolean;
  /** Whether its learning rate is looked for first. */
  readonly findRate: boolean;
  readonly seed: number;
}

/**
 * The phases of a run. Epochs, learning rate, weight decay, patience and the search for a rate concern the last phase,
 * which is what a recipe is about; everything else concerns all of them.
 */
export function settlePhases(options: RunOptions): SettledPhase[] {
  const phases: readonly Phase[] = RECIPES[options.recipe].phases;
  return phases.map((phase, i) => settle(phase, options, i === phases.length - 1));
}

function settle({ augment, ...phase }: Phase, options: RunOptions, last: boolean): SettledPhase {
  const { labelSmoothing, dropout, mixup, classWeights, seed } = options;
  const own = (name: 'epochs' | 'learningRate' | 'weightDecay' | 'patience'): number => {
    const value = options[name];
    return last && value !== AS_RECIPE ? value : phase[name];
  };
  return {
    ...phase,
    epochs: own('epochs'),
    learningRate: own('learningRate'),
    weightDecay: own('weightDecay'),
    patience: own('patience'),
    batchSize: options.batchSize === AS_RECIPE ? phase.batchSize : options.batchSize,
    augmentation: augment ? augmentationOf(options) : null,
    labelSmoothing,
    dropout,
    mixup,
    classWeights,
    findRate: last && options.findRate,
    seed,
  };
}
