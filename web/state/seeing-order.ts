import type { Photo } from '#shared/schema/photo.ts';
import { sayingOf } from './sayings.ts';

/** Examples of a label that are looked at before all others: enough to begin with. */
const EXAMPLES = 20;

/**
 * Looking at a large library takes hours, so what is learnt from and what is asked about comes first, in turns: some
 * examples of every label, and photos without one; then all others. The order within each stays.
 */
export function inSeeingOrder(photos: readonly Photo[]): Photo[] {
  const examples: Photo[] = [];
  const waiting: Photo[] = [];
  const others: Photo[] = [];
  const counts = new Map<string, number>();
  for (const photo of photos) {
    const saying = sayingOf(photo);
    const count = saying === null ? 0 : (counts.get(saying) ?? 0);
    if (saying === '') waiting.push(photo);
    else if (saying === null || count >= EXAMPLES) others.push(photo);
    else {
      counts.set(saying, count + 1);
      examples.push(photo);
    }
  }
  return [...inTurns(examples, waiting), ...others];
}

function inTurns<T>(a: readonly T[], b: readonly T[]): T[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [
    ...a.slice(i, i + 1),
    ...b.slice(i, i + 1),
  ]).flat();
}
