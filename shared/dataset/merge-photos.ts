import { DECIDED, type Decided, type FieldStamp, type Photo } from '../schema/photo.ts';
import { labelInForce, mergeOpinions } from './opinions.ts';

/** Two records of one photo made one. */
export interface MergedPhoto {
  readonly photo: Photo;
  /** Whose canonical image fits the merged record. */
  readonly image: 'ours' | 'theirs';
}

/**
 * Merges what two libraries know of the same file: everybody's newest opinion is kept, the newest decision on every
 * other field wins, and how the photo came in is told by whoever had it first. Merging is commutative, associative and
 * idempotent, so libraries may be exchanged in any order, any number of times, and end up alike (P1-41).
 * @throws RangeError for records of different photos
 */
export function mergePhotos(ours: Photo, theirs: Photo): MergedPhoto {
  if (ours.id !== theirs.id) throw new RangeError('only records of the same photo can be merged');
  const first = cameFirst(ours, theirs) ? ours : theirs;
  const winner = (field: Decided): Photo => decider(field, ours, theirs) ?? first;
  const opinions = mergeOpinions(ours.opinions, theirs.opinions);
  const stamps = DECIDED.flatMap((field) => stampOf(winner(field), field) ?? []);
  // The canonical image is made with the edits, so everything that was read off it comes along.
  const seen = winner('edits');
  const photo: Photo = {
    ...first,
    label: labelInForce(opinions),
    opinions,
    stamps,
    origin: winner('origin').origin,
    faults: winner('faults').faults,
    excluded: winner('excluded').excluded,
    edits: seen.edits,
    canonicalSize: seen.canonicalSize,
    pixels: seen.pixels,
    hash: seen.hash,
    quality: seen.quality ?? (ours.pixels === theirs.pixels ? (ours.quality ?? theirs.quality) : null),
    taken: first.taken ?? ours.taken ?? theirs.taken,
  };
  return { photo, image: seen === ours ? 'ours' : 'theirs' };
}

/** The photo with some fields decided anew by a person. */
export function decide(
  photo: Photo,
  fields: Partial<Pick<Photo, Decided>>,
  stamp: { readonly by: string; readonly at: string },
): Photo {
  const decided = DECIDED.filter((field) => fields[field] !== undefined);
  const kept = photo.stamps.filter((s) => !decided.includes(s.field));
  const stamps = [...kept, ...decided.map((field): FieldStamp => ({ field, ...stamp }))];
  return { ...photo, ...fields, stamps: DECIDED.flatMap((f) => stamps.filter((s) => s.field === f)) };
}

/** Whose decision on a field is newer; null where neither side has decided it. */
function decider(field: Decided, ours: Photo, theirs: Photo): Photo | null {
  const [own, other] = [stampOf(ours, field), stampOf(theirs, field)];
  if (!own && !other) return null;
  if (!own || !other) return own ? ours : theirs;
  const order = (stamp: FieldStamp, photo: Photo): string =>
    JSON.stringify([stamp.at, stamp.by, photo[field], field === 'edits' ? seenOf(photo) : null]);
  return order(own, ours) >= order(other, theirs) ? ours : theirs;
}

function stampOf(photo: Photo, field: Decided): FieldStamp | undefined {
  return photo.stamps.find((s) => s.field === field);
}

/** A total order, so that both libraries name the same record. */
function cameFirst(a: Photo, b: Photo): boolean {
  const order = (p: Photo): string =>
    JSON.stringify([
      p.addedAt,
      p.addedBy,
      p.fileName,
      p.source,
      p.origin,
      p.faults,
      p.excluded,
      p.taken,
      seenOf(p),
    ]);
  return order(a) <= order(b);
}

function seenOf({ edits, canonicalSize, pixels, hash, quality }: Photo): unknown[] {
  return [edits, canonicalSize, pixels, hash, quality];
}
