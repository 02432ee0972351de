import type { HeadWeights } from '#shared/model/classifier.ts';
import type { Epoch } from '#shared/model/training.ts';
import type { Backbone } from '#shared/model/zoo.ts';
import type { PhaseFacts } from '#shared/schema/training.ts';

import type { SettledPhase } from '../../run/settle-phases.ts';
import type { TrainingSets } from './photo-sets.ts';

/** What a phase works on. */
export interface PhaseJob {
  readonly phase: SettledPhase;
  /** Its weights are changed to those of the best epoch, as far as the phase trains them. */
  readonly backbone: Backbone;
  /** How many of the last blocks "the final blocks" are. */
  readonly finalBlocks: number;
  readonly sets: TrainingSets;
  readonly classes: number;
  /** Where the head starts; null: from random weights. */
  readonly head: HeadWeights | null;
}

/** What a phase came to. */
export interface PhaseOutcome extends Pick<PhaseFacts, 'learningRate' | 'rateCurve' | 'waited'> {
  readonly head: HeadWeights;
  readonly history: readonly Epoch[];
  /** 0: no epoch was better than what the phase began with. */
  readonly bestEpoch: number;
}
