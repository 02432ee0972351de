/** What can be asked: photos of the library whose class somebody has said (P6-28). */
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { LabelId, PhotoId } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { LibraryState } from '../../../state/contract.ts';
import type { Classes } from './classes.ts';

/** A photo that can be asked. */
export interface Question {
  readonly photo: PhotoId;
  /** Its class. */
  readonly truth: LabelId;
  /** The person who is asked named it once. */
  readonly own: boolean;
}

/** What to choose photos from. */
export type Source =
  | { readonly kind: 'library' }
  /** Classes that the version in use knows. */
  | { readonly kind: 'known' }
  /** Classes of the commonly-confused table. */
  | { readonly kind: 'confused' }
  | { readonly kind: 'benchmark'; readonly benchmark: Benchmark };

/**
 * The class of a photo as a sitting asks it: a benchmark's own word where it is asked of one, else the label in force;
 * undefined where nobody has said one that trains.
 */
export function truthOf(
  photo: Pick<Photo, 'id' | 'label'>,
  benchmark: Benchmark | undefined,
  { classOf }: Pick<Classes, 'classOf'>,
): LabelId | undefined {
  const item = benchmark?.items.find((one) => one.photo === photo.id);
  if (item) return item.truth === null ? undefined : classOf(item.truth);
  return photo.label?.kind === 'sub-class' ? classOf(photo.label.id) : undefined;
}

/** All that can be asked from a source. Excluded photos are only in benchmarks: these are picked by hand. */
export function questionsOf(
  { photos, confused }: Pick<LibraryState, 'photos' | 'confused'>,
  source: Source,
  classes: Classes,
  person: string,
): Question[] {
  const ask = (photo: Photo, truth: LabelId | undefined): Question[] =>
    truth === undefined ? [] : [{ photo: photo.id, truth, own: isNamedBy(photo, person) }];
  if (source.kind === 'benchmark') {
    const items = new Map(source.benchmark.items.map(({ photo, truth }) => [photo, truth]));
    return photos.flatMap((photo) => {
      const truth = items.get(photo.id);
      return truth ? ask(photo, classes.classOf(truth)) : [];
    });
  }
  const all = photos.flatMap((photo) =>
    photo.excluded ? [] : ask(photo, truthOf(photo, undefined, classes)),
  );
  if (source.kind === 'library') return all;
  const pairs = confused.pairs.flatMap(({ truth, predicted }) => [truth, predicted]);
  const wanted = source.kind === 'known' ? classes.known : new Set<LabelId>(pairs);
  return all.filter(({ truth }) => wanted.has(truth));
}

/** Nobody without a name is taken for another one. */
function isNamedBy({ opinions }: Photo, person: string): boolean {
  return person !== '' && opinions.some((opinion) => opinion.by === person && opinion.label !== null);
}
