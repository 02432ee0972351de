import type { ConfusionEvidence } from '#shared/metrics/confusion-evidence.ts';

import type { LibraryState } from '../../../state/contract.ts';
import { classNames } from './rules.ts';

/** One mistake may be luck. */
const FEWEST = 2;
const MOST_SHOWN = 12;

/** Confusions of the model that may be noted: between classes of now, neither noted nor dismissed (P3-13). */
export function proposalsOf(
  library: Pick<LibraryState, 'subClasses' | 'mergeRules' | 'confused' | 'dismissedPairs'>,
  pairs: readonly ConfusionEvidence[],
): readonly ConfusionEvidence[] {
  const classes = new Set(classNames(library).map((c) => c.id));
  const settled = new Set([...library.confused.pairs, ...library.dismissedPairs].map(keyOfPair));
  return pairs
    .filter((p) => p.count >= FEWEST && classes.has(p.truth) && classes.has(p.predicted))
    .filter((p) => !settled.has(keyOfPair(p)))
    .slice(0, MOST_SHOWN);
}

function keyOfPair({ truth, predicted }: Pick<ConfusionEvidence, 'truth' | 'predicted'>): string {
  return JSON.stringify([truth, predicted]);
}
