import { EVEN, type Discriminative } from '#shared/model/learn/rates.ts';
import { ONE_CYCLE, type Schedule } from '#shared/model/learn/schedule.ts';

/** One part of a training, as data. What is said of photos and rates here is a default that settings may override. */
export interface Phase {
  /** For people and for the history. */
  readonly name: string;
  /** What learns; everything else is frozen, bit for bit. `final-blocks`: of the zoo's entry, with the head. */
  readonly trains: 'head' | 'final-blocks' | 'all';
  /** Most rounds over the training photos. */
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** How the rate goes through the epochs. */
  readonly schedule: Schedule;
  readonly optimizer: 'adamw' | 'sgd';
  /** Pull of the kernels towards 0: weight −= rate · pull · weight. */
  readonly weightDecay: number;
  /** Rates from the input to the head. */
  readonly rates: Discriminative;
  /** Batch-norm by the statistics of the batch, or by fixed ones: a batch of a few photos measures badly. */
  readonly norm: 'batch' | 'fixed';
  /** Rounds without a better validation loss after which the phase ends. */
  readonly patience: number;
  /** Whether photos are varied anew in each round; without it, what the frozen part makes of them is kept on disk. */
  readonly augment: boolean;
}

/** One way to train, as data. */
export interface Recipe {
  /** For people, in one line. */
  readonly meaning: string;
  /** Weights it begins with: those named by --weights, random ones, or those of the newest published version. */
  readonly base: 'weights' | 'random' | 'newest';
  /** One after another, each from the best epoch of the one before. */
  readonly phases: readonly Phase[];
}

/** A linear classifier on cached features: docs/benchmarks.md says why these numbers. */
const HEAD: Phase = {
  name: 'head',
  trains: 'head',
  epochs: 60,
  batchSize: 64,
  learningRate: 3e-3,
  schedule: { kind: 'constant' },
  optimizer: 'adamw',
  weightDecay: 0.1,
  rates: EVEN,
  norm: 'fixed',
  patience: 10,
  augment: false,
};

export const RECIPES = {
  'head-only': {
    meaning: 'frozen backbone, a new classifier head on cached features: seconds to minutes on a CPU',
    base: 'weights',
    phases: [HEAD],
  },
  'two-stage': {
    meaning: 'the head as in head-only, then the whole final block with it, at a lower learning rate',
    base: 'weights',
    phases: [
      HEAD,
      {
        ...HEAD,
        name: 'final blocks',
        trains: 'final-blocks',
        epochs: 10,
        batchSize: 32,
        learningRate: 1e-4,
        schedule: { kind: 'cosine', warmUp: 0.1 },
        weightDecay: 0.01,
        augment: true,
      },
    ],
  },
  'fine-tune': {
    meaning: 'the head, then all layers, the lower the slower, up and down one cycle of learning rates',
    base: 'weights',
    phases: [
      HEAD,
      {
        ...HEAD,
        name: 'all layers',
        trains: 'all',
        epochs: 8,
        batchSize: 32,
        learningRate: 3e-4,
        schedule: ONE_CYCLE,
        weightDecay: 0.01,
        rates: { groups: 3, lowest: 0.01 },
        augment: true,
      },
    ],
  },
  'warm-start': {
    meaning: 'the newest published model with a new output layer, all layers, about 20 rounds',
    base: 'newest',
    phases: [
      {
        ...HEAD,
        name: 'all layers',
        trains: 'all',
        epochs: 20,
        batchSize: 32,
        learningRate: 3e-4,
        schedule: { kind: 'plateau', factor: 0.3, wait: 3 },
        weightDecay: 0.01,
        patience: 7,
        augment: true,
      },
    ],
  },
  'from-scratch': {
    meaning: 'random weights, all layers, up to 120 rounds until nothing improves any more',
    base: 'random',
    phases: [
      {
        ...HEAD,
        name: 'all layers',
        trains: 'all',
        epochs: 120,
        batchSize: 32,
        learningRate: 1e-3,
        schedule: { kind: 'plateau', factor: 0.3, wait: 6 },
        weightDecay: 0.05,
        norm: 'batch',
        patience: 20,
        augment: true,
      },
    ],
  },
} as const satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof RECIPES;

/** Whether a name from outside is a recipe. */
export function isRecipe(name: string): name is RecipeName {
  return Object.hasOwn(RECIPES, name);
}
