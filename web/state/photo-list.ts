import type { Photo } from '#shared/schema/photo.ts';
import { isNewer, newestFirst } from '../storage/newest-first.ts';

/** Every photo of the library, newest first. With a hundred thousand of them, one that changes must not cost a sort. */
export class PhotoList {
  #photos: readonly Photo[] = [];
  /** Place of each photo, by id; made when it is first asked for: opening a large library does not wait for it. */
  #places: ReadonlyMap<string, number> | null = null;

  /** @param photos newest first */
  replaceAll(photos: readonly Photo[]): readonly Photo[] {
    this.#photos = photos;
    this.#places = null;
    return photos;
  }

  find(id: string): Photo | undefined {
    const at = this.#placeOf(id);
    return at === undefined ? undefined : this.#photos[at];
  }

  /**
   * @param ids photos that may have changed
   * @param found what there is of them now; the others are gone
   * @returns the whole list, a new one where anything changed
   */
  update(ids: readonly string[], found: readonly Photo[]): readonly Photo[] {
    if (ids.length === 0) return this.#photos;
    const stays = ids.length === found.length && found.every((photo) => this.#isInPlace(photo));
    if (!stays) return this.replaceAll(this.#merged(ids, found));
    this.#photos = this.#with(found);
    return this.#photos;
  }

  #placeOf(id: string): number | undefined {
    this.#places ??= new Map(this.#photos.map((photo, at) => [photo.id, at]));
    return this.#places.get(id);
  }

  /** Whether it may take the place of the record before it. */
  #isInPlace(photo: Photo): boolean {
    const at = this.#placeOf(photo.id);
    return at !== undefined && this.#photos[at]?.addedAt === photo.addedAt;
  }

  #with(found: readonly Photo[]): readonly Photo[] {
    const next = this.#photos.slice();
    for (const photo of found) {
      const at = this.#placeOf(photo.id);
      if (at !== undefined) next[at] = photo;
    }
    return next;
  }

  /** Merges the new ones into the order that the others already have. */
  #merged(ids: readonly string[], found: readonly Photo[]): readonly Photo[] {
    const touched = new Set(ids);
    const kept = this.#photos.filter((photo) => !touched.has(photo.id));
    const added = newestFirst(found);
    const merged: Photo[] = [];
    let next = 0;
    for (const photo of kept) {
      for (let one = added[next]; one && isNewer(one, photo); one = added[next]) {
        merged.push(one);
        next += 1;
      }
      merged.push(photo);
    }
    return [...merged, ...added.slice(next)];
  }
}
