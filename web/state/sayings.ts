import { isFit } from '#shared/dataset/examples.ts';
import type { Told } from '#shared/dataset/told-photos.ts';
import type { Photo } from '#shared/schema/photo.ts';

/** What a photo's label says to learn from: a sub-class, '' for none yet, null for a photo that is kept out. */
export function sayingOf({ label, excluded }: Photo): string | null {
  if (excluded) return null;
  return label?.kind === 'sub-class' ? label.id : '';
}

/** What is told of a photo to learn from it and to compare it. */
function toldOf(photo: Photo): Told {
  return { label: sayingOf(photo), hash: photo.hash, fit: isFit(photo) };
}

/** Remembers what was told of photos, so that of a hundred thousand only the changed ones are told again. */
export class Sayer {
  #before: readonly Photo[] = [];
  readonly #told = new Map<string, Told>();

  /** What is to be said anew; null of photos that are gone. */
  changes(photos: readonly Photo[]): [photo: string, told: Told | null][] {
    const before = this.#before;
    this.#before = photos;
    if (photos === before) return [];
    const said: [string, Told | null][] = [];
    photos.forEach((photo, at) => {
      if (photo === before[at]) return;
      const told = toldOf(photo);
      if (isSame(this.#told.get(photo.id), told)) return;
      this.#told.set(photo.id, told);
      said.push([photo.id, told]);
    });
    this.#sayGone(photos, said);
    return said;
  }

  /** As many as were told are here, unless some are gone: then it is worth looking for them. */
  #sayGone(photos: readonly Photo[], said: [string, Told | null][]): void {
    if (photos.length === this.#told.size) return;
    const here = new Set(photos.map((photo) => photo.id));
    for (const photo of this.#told.keys()) {
      if (here.has(photo as Photo['id'])) continue;
      this.#told.delete(photo);
      said.push([photo, null]);
    }
  }
}

function isSame(a: Told | undefined, b: Told): boolean {
  return a?.label === b.label && a.hash === b.hash && a.fit === b.fit;
}
