/** Orders of photos by what they look like. */
import { compareText } from './random.ts';
import type { SeenPhotos } from './seen-photos.ts';

/** Longest order: nobody goes through more at one sitting. */
const LONGEST = 2000;

/** Photos by a value of their row, least first. */
export function sortedBy(
  seen: SeenPhotos,
  photos: Iterable<string>,
  valueOf: (row: number) => number,
): string[] {
  const ranked: { readonly photo: string; readonly value: number }[] = [];
  for (const photo of photos) {
    const row = seen.rowOf(photo);
    if (row !== undefined) ranked.push({ photo, value: valueOf(row) });
  }
  ranked.sort((a, b) => a.value - b.value || compareText(a.photo, b.photo));
  return ranked.slice(0, LONGEST).map(({ photo }) => photo);
}

/** The photos that look most like some others taken together, most alike first; none where none of those was seen. */
export function mostAlike(seen: SeenPhotos, to: Iterable<string>, photos: Iterable<string>): string[] {
  const directionOf = seen.directions();
  const { sum, count } = sumOf(seen, to, directionOf);
  return count === 0 ? [] : sortedBy(seen, photos, (row) => -dot(sum, directionOf(row)));
}

/** The photos of a label, those first that look least like its others: candidates for a wrong label. */
export function oddOnes(seen: SeenPhotos, members: readonly string[]): string[] {
  const directionOf = seen.directions();
  const { sum } = sumOf(seen, members, directionOf);
  return sortedBy(seen, members, (row) => {
    const own = directionOf(row);
    // Without itself: in a small label each photo would look like its own share of the sum.
    const others = sum.map((value, k) => value - (own[k] as number));
    return dot(own, others) / (Math.sqrt(dot(others, others)) || 1);
  });
}

function sumOf(
  seen: SeenPhotos,
  photos: Iterable<string>,
  directionOf: (row: number) => Float32Array,
): { readonly sum: Float32Array; readonly count: number } {
  const sum = new Float32Array(seen.width);
  let count = 0;
  for (const photo of photos) {
    const row = seen.rowOf(photo);
    if (row === undefined) continue;
    count += 1;
    directionOf(row).forEach((value, k) => (sum[k] = (sum[k] as number) + value));
  }
  return { sum, count };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}
