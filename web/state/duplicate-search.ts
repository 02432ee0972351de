import { joinLinks, type Links } from '#shared/dataset/lookalikes.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { DuplicatesApi } from '../workers/duplicates.worker.ts';
import { callback, spawn } from '../workers/spawn.ts';

/** What was found: links between places of the list of photos as it was then. */
export interface Lookalikes {
  readonly photos: readonly string[];
  readonly links: Links;
  /** How many of them could be compared: a network compares only what it has seen. */
  readonly compared: number;
}

/** By what photos are compared. */
export type Likeness =
  /**
   * By their pictures (P2-33). `radius`: bits in which hashes may differ, 0 … 10. `turned`: mirrored and turned copies
   * too; their hashes are read off the thumbnails, once a session.
   */
  | { readonly kind: 'picture'; readonly radius: number; readonly turned: boolean }
  /** By what a network makes of them (P2-35). `radius`: hundredths of the cosine that may be missing, 0 … 10. */
  | { readonly kind: 'model'; readonly radius: number; readonly network: string };

export interface DuplicateSearch {
  /**
   * @param progress told the share done, 0 … 1
   * @throws the signal's reason
   */
  readonly find: (
    photos: readonly Photo[],
    likeness: Likeness,
    progress: (share: number) => void,
    signal: AbortSignal,
  ) => Promise<Lookalikes>;
}

/** Thumbnails that go to the worker together. */
const BATCH = 64;
const IDLE_MS = 10_000;

export function createDuplicateSearch(thumb: (id: string) => Promise<ArrayBuffer | null>): DuplicateSearch {
  const worker = spawn<DuplicatesApi>(
    () => new Worker(new URL('../workers/duplicates.worker.ts', import.meta.url), { type: 'module' }),
    IDLE_MS,
  );
  /** By the canonical image's hash, so that an edit has them made anew. */
  const known = new Map<string, readonly string[]>();

  async function turnedHashes(
    photos: readonly Photo[],
    progress: (share: number) => void,
    signal: AbortSignal,
  ): Promise<(readonly string[])[]> {
    const missing = photos.filter((photo) => !known.has(photo.pixels));
    for (let at = 0; at < missing.length; at += BATCH) {
      const batch = missing.slice(at, at + BATCH);
      const thumbs = await Promise.all(batch.map((photo) => thumb(photo.id)));
      const hashes = await worker.run(signal, (api) => api.turned(thumbs));
      batch.forEach((photo, i) => known.set(photo.pixels, hashes[i] ?? []));
      progress(at / missing.length);
    }
    return photos.map((photo) => known.get(photo.pixels) ?? []);
  }

  const find: DuplicateSearch['find'] = async (photos, likeness, progress, signal) => {
    const ids = photos.map((photo) => photo.id);
    if (likeness.kind === 'model') {
      const { network, radius } = likeness;
      const found = await worker.run(signal, (api) =>
        api.searchSeen(ids, network, radius, callback(progress)),
      );
      return { photos: ids, ...found };
    }
    const { radius, turned } = likeness;
    const hashes = photos.map((photo) => photo.hash);
    const part = (from: number, size: number) =>
      callback((share: number) => {
        progress(from + share * size);
      });
    const links = [await worker.run(signal, (api) => api.search(hashes, radius, part(0, turned ? 0.1 : 1)))];
    if (turned) {
      const others = await turnedHashes(
        photos,
        (share) => {
          progress(0.1 + share * 0.7);
        },
        signal,
      );
      links.push(await worker.run(signal, (api) => api.searchTurned(hashes, others, radius, part(0.8, 0.2))));
    }
    return { photos: ids, links: joinLinks(links), compared: ids.length };
  };
  return { find };
}
