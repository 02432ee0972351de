import type { Photo } from '#shared/schema/photo.ts';

type Timed = Pick<Photo, 'id' | 'addedAt'>;

/** Whether `a` comes before `b`: newest first, equal times in the order of ids, so that the order never wavers. */
export function isNewer(a: Timed, b: Timed): boolean {
  return a.addedAt === b.addedAt ? a.id < b.id : a.addedAt > b.addedAt;
}

/** A new list in that order. */
export function newestFirst<T extends Timed>(photos: readonly T[]): T[] {
  const times = timesOf(photos);
  if (!times) return photos.toSorted((a, b) => (isNewer(a, b) ? -1 : 1));
  // Numbers are compared in a third of the time of texts, which a hundred thousand photos are long in.
  const order = Uint32Array.from(photos, (_, at) => at).sort((a, b) => {
    const [x, y] = [times[a] as number, times[b] as number];
    return y - x || ((photos[a] as T).id < (photos[b] as T).id ? -1 : 1);
  });
  return Array.from(order, (at) => photos[at] as T);
}

/** Times in milliseconds; null unless all are written as this app writes them, where texts and numbers sort alike. */
function timesOf(photos: readonly Timed[]): Float64Array | null {
  const times = new Float64Array(photos.length);
  for (let at = 0; at < photos.length; at++) {
    const { addedAt } = photos[at] as Timed;
    const time = isOurs(addedAt) ? Date.parse(addedAt) : NaN;
    if (Number.isNaN(time)) return null;
    times[at] = time;
  }
  return times;
}

/** As `toISOString` writes the years 0 to 9999. */
function isOurs(time: string): boolean {
  return time.length === 24 && time.endsWith('Z');
}
