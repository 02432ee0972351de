import type { RowsQuestion } from '#shared/metrics/score-rows.ts';
import type { Metrics, NotedPicture } from '#shared/schema/metrics.ts';

/** Photos that somebody wants to see: those behind a figure. */
export interface PhotoWish extends Omit<RowsQuestion, 'threshold'> {
  /** What they are, in words. */
  readonly title: string;
}

/** The photos behind a figure, whatever was answered. */
export function anyOf(title: string, set: string, truth: number | null, guess: number | null): PhotoWish {
  return { title, set, truth, guess, outcome: 'any', answers: 'any', order: 'surest' };
}

/** A photo to be looked at, with the best guess for it. */
export interface WishedPhoto {
  readonly photo: string;
  readonly guess: number;
  readonly score: number;
}

/**
 * What a report kept of the photos behind a figure: only the worst of each set, so usually not all of them.
 * @param labels in the order of the columns
 */
export function notedPhotos({ sets, labels }: Metrics, wish: PhotoWish): WishedPhoto[] {
  const column = new Map<string, number>(labels.map((label, i) => [label.id, i]));
  const isWished = ({ truth, kind, top }: NotedPicture): boolean => {
    const shown = truth === null ? -1 : (column.get(truth) ?? -1);
    if (wish.truth !== null && shown !== wish.truth) return false;
    if (wish.guess !== null && column.get(top[0]?.label ?? '') !== wish.guess) return false;
    if (wish.outcome !== 'any' && (wish.outcome === 'right') !== (kind === 'unsure')) return false;
    return wish.answers === 'any' || (wish.answers === 'answered') === (kind === 'sad');
  };
  return sets
    .filter((set) => wish.set === null || set.name === wish.set)
    .flatMap((set) => set.pictures.filter(isWished))
    .map(({ photo, top }) => ({
      photo,
      guess: column.get(top[0]?.label ?? '') ?? 0,
      score: top[0]?.score ?? 0,
    }));
}
