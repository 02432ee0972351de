import type { LeftOutReason } from '../schema/dataset.ts';
import type { LabelId, PhotoId } from '../schema/names.ts';
import type { Photo } from '../schema/photo.ts';
import type { ClassMap } from './classes.ts';
import { nearDuplicateGroups } from './duplicates.ts';
import { DataSetError, type DataSetInput } from './input.ts';
import { compareText } from './random.ts';
import { UnionFind } from './union-find.ts';

/** A photo that may train. */
export interface Candidate {
  readonly photo: Photo;
  readonly subClass: LabelId;
  readonly class: LabelId;
  /** Number of its near-duplicate group; groups may span classes. */
  readonly group: number;
}

/** Why each photo that is in no part was left out. */
export type LeftOut = Map<PhotoId, LeftOutReason>;

/**
 * Sorts out what can not train: first what is in a benchmark or near-duplicate of a photo there (design §2.3),
 * what has no usable label or is excluded. The first reason that applies, in the order of `LEFT_OUT_REASONS`, counts.
 * @returns candidates, sorted by photo id
 * @throws DataSetError for a label that the library does not know
 */
export function findCandidates(input: DataSetInput, classMap: ClassMap, leftOut: LeftOut): Candidate[] {
  const held = new Set(input.benchmarks.flatMap((b) => b.items.map((i) => i.photo)));
  const unknown = new Set(input.unknownLabels?.map((u) => u.id));
  const photos = [...input.photos].sort((a, b) => compareText(a.id, b.id));
  const frozen = photos.filter((p) => held.has(p.id));
  const usable = photos.filter((photo) => {
    if (held.has(photo.id)) return false;
    const reason = whyUnusable(photo, unknown);
    if (reason !== null) leftOut.set(photo.id, reason);
    return reason === null;
  });
  const groups = groupPhotos([...frozen, ...usable], input.options.duplicateDistance);
  const frozenGroups = new Set(groups.subarray(0, frozen.length));
  return usable.flatMap((photo, i) => {
    const candidate = toCandidate(photo, groups[frozen.length + i] ?? 0, classMap);
    if (!frozenGroups.has(candidate.group)) return [candidate];
    leftOut.set(photo.id, 'near-benchmark');
    return [];
  });
}

function whyUnusable(photo: Photo, unknown: ReadonlySet<LabelId>): LeftOutReason | null {
  if (photo.label === null) return 'unlabelled';
  if (photo.label.kind === 'unknown' || unknown.has(photo.label.id)) return 'unknown-label';
  return photo.excluded ? 'excluded' : null;
}

function toCandidate(photo: Photo, group: number, classMap: ClassMap): Candidate {
  const subClass = photo.label?.id;
  const owner = subClass === undefined ? undefined : classMap.classOf(subClass);
  if (subClass === undefined || owner === undefined)
    throw new DataSetError({
      kind: 'unknown-sub-class',
      photo: photo.id,
      subClass: subClass ?? ('' as LabelId),
    });
  return { photo, subClass, class: owner, group };
}

/** Near-duplicate groups; photos with the same pixels are always in one. */
export function groupPhotos(photos: readonly Photo[], distance: number): Int32Array {
  const near = nearDuplicateGroups(
    photos.map((p) => p.hash),
    distance,
  );
  const sets = new UnionFind(photos.length);
  const firstOfGroup = new Map<number, number>();
  const firstOfPixels = new Map<string, number>();
  photos.forEach((photo, i) => {
    const group = near[i] ?? 0;
    sets.join(i, firstOfGroup.get(group) ?? i);
    sets.join(i, firstOfPixels.get(photo.pixels) ?? i);
    if (!firstOfGroup.has(group)) firstOfGroup.set(group, i);
    if (!firstOfPixels.has(photo.pixels)) firstOfPixels.set(photo.pixels, i);
  });
  return sets.numbered();
}
