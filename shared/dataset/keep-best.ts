import type { Label, Opinion, Photo } from '../schema/photo.ts';
import { mergeOpinions } from './opinions.ts';

/** What speaks for a photo of a group of look-alikes. */
export const REASONS = [
  'benchmark',
  'label',
  'included',
  'real',
  'resolution',
  'sharpness',
  'subject',
  'unedited',
] as const;
export type Reason = (typeof REASONS)[number];

export interface Proposal {
  readonly best: Photo;
  /** In what it is better than another of the group and worse than none; empty where nothing tells them apart. */
  readonly why: readonly Reason[];
}

/**
 * The photo of a group worth keeping (P2-34): reasons count in the order of `REASONS`, and where they do not tell, the
 * one that came first.
 * @param group at least one photo
 * @param inBenchmark ids of photos in any benchmark: taking one out would change the benchmark
 */
export function proposeBest(group: readonly [Photo, ...Photo[]], inBenchmark: ReadonlySet<string>): Proposal {
  const marks = new Map(group.map((photo) => [photo, marksOf(photo, inBenchmark)]));
  const mark = (photo: Photo, reason: Reason): number => marks.get(photo)?.[reason] ?? 0;
  const best = group.reduce((one, other) => {
    const reason = REASONS.find((r) => mark(one, r) !== mark(other, r));
    if (reason) return mark(one, reason) > mark(other, reason) ? one : other;
    return [other.addedAt, other.id].join() < [one.addedAt, one.id].join() ? other : one;
  });
  const why = REASONS.filter((reason) => {
    const others = group.map((photo) => mark(photo, reason));
    return mark(best, reason) === Math.max(...others) && mark(best, reason) > Math.min(...others);
  });
  return { best, why };
}

function marksOf(photo: Photo, inBenchmark: ReadonlySet<string>): Record<Reason, number> {
  return {
    benchmark: Number(inBenchmark.has(photo.id)),
    label: Number(photo.label !== null),
    included: Number(!photo.excluded),
    real: { real: 2, staged: 1, synthetic: 0 }[photo.origin],
    resolution: photo.width * photo.height,
    // Measures of copies waver in the last digits.
    sharpness: Math.round((photo.quality?.sharpness ?? 0) * 50),
    subject: Math.round((photo.quality?.coverage ?? 0) * 20),
    unedited: Number(photo.edits.crop === null && photo.edits.turn === 0),
  };
}

/** Different labels that photos of one group wear: at least one of them is wrong. */
export function labelsOf(group: readonly Photo[]): Pick<Label, 'kind' | 'id'>[] {
  const labels = group.flatMap(({ label }) => (label ? [{ kind: label.kind, id: label.id }] : []));
  return [...new Map(labels.map((label) => [`${label.kind} ${label.id}`, label])).values()];
}

/**
 * What a kept photo takes over from those that go: everybody's newest opinion, and faults where the pictures are the
 * same to the pixel. That somebody took a label off a copy takes none off the kept one.
 */
export function takeOver(kept: Photo, dropped: readonly Photo[]): Pick<Photo, 'opinions' | 'faults'> {
  const said = dropped.flatMap((photo): Opinion[] => photo.opinions.filter((o) => o.label !== null));
  const same = dropped.filter((photo) => photo.pixels === kept.pixels);
  return {
    opinions: mergeOpinions(kept.opinions, said),
    faults: [...new Set([...kept.faults, ...same.flatMap((photo) => photo.faults)])],
  };
}
