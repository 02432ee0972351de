/** How the last blocks of a backbone are trained together with the head. */
export interface FineTuning {
  readonly blocks: number;
  readonly epochs: number;
  readonly learningRate: number;
}

/** One way to train, as data. */
export interface Recipe {
  /** For people, in one line. */
  readonly meaning: string;
  /** How the top of the backbone learns after the head; null: it stays frozen. */
  readonly fineTune: FineTuning | null;
}

export const RECIPES = {
  'head-only': {
    meaning: 'frozen backbone, a new classifier head on cached features: seconds to minutes on a CPU',
    fineTune: null,
  },
  'head-then-top': {
    meaning: 'the head as in head-only, then the last block of the backbone too, at a low learning rate',
    fineTune: { blocks: 1, epochs: 5, learningRate: 1e-4 },
  },
} as const satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof RECIPES;

/** Whether a name from outside is a recipe. */
export function isRecipe(name: string): name is RecipeName {
  return Object.hasOwn(RECIPES, name);
}
