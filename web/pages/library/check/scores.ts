import { photoIdAt } from '#shared/metrics/photo-ids.ts';

import type { OpenScores, Verdicts } from '../../../state/contract-evidence.ts';
import type { Answer, Answers } from './verdicts.ts';

/**
 * The outcomes of a score matrix as answers: the best guess, and the score of what the photo was labelled with then.
 * With another label since, its own score is not known and counts as 0.
 */
export function answersOfScores(
  { photos, truths, best, bestScores, truthScores }: Verdicts,
  { labels, sets, rows }: Pick<OpenScores, 'labels' | 'sets' | 'rows'>,
): Answers {
  const answers = new Map<string, Answer>();
  const setNames = sets.flatMap((set) => Array.from({ length: set.rows }, () => set.name));
  for (let row = 0; row < rows; row++) {
    const [guessed, truth] = [labels[best[row] ?? -1], labels[truths[row] ?? -1]];
    if (!guessed) continue;
    const first = { label: guessed.id, score: bestScores[row] ?? 0 };
    const own = truth && truth !== guessed ? [{ label: truth.id, score: truthScores[row] ?? 0 }] : [];
    answers.set(photoIdAt(photos, row), { top: [first, ...own], set: setNames[row] ?? null });
  }
  return answers;
}
