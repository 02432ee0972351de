import { CompactVectors } from '#shared/dataset/compact-vectors.ts';
import { embeddingLinks } from '#shared/dataset/embedding-links.ts';
import { lookalikes, turnedLookalikes, type Links } from '#shared/dataset/lookalikes.ts';
import { symmetryHashes } from '#shared/image/symmetries.ts';
import { decodeImage } from '../platform/decode.ts';
import { openDatabase } from '../storage/db.ts';
import { readEmbeddingPage } from '../storage/seen.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { handOver, serve } from './spawn.ts';

type Progress = (share: number) => void;

/** Told at most this often: each call crosses to the page. */
const TOLD_EVERY_MS = 100;

const api = {
  search: (hashes: readonly string[], radius: number, progress: Progress): Links =>
    moved(lookalikes(hashes, radius, seldom(progress))),
  searchTurned: (
    hashes: readonly string[],
    turned: readonly (readonly string[])[],
    radius: number,
    progress: Progress,
  ): Links => moved(turnedLookalikes(hashes, turned, radius, seldom(progress))),
  /** Hashes of each small picture mirrored and turned; none where it cannot be read. */
  turned: (thumbs: readonly (ArrayBuffer | null)[]): Promise<string[][]> => Promise.all(thumbs.map(turnedOf)),
  /** By what a network left of the photos that it has seen. @returns links between places of `photos` */
  searchSeen: async (
    photos: readonly string[],
    network: string,
    radius: number,
    progress: Progress,
  ): Promise<{ readonly links: Links; readonly compared: number }> => {
    const told = seldom(progress);
    const { vectors, places } = await readSeen(photos, network, (share) => {
      told(share / 2);
    });
    if (!vectors) return { links: NO_LINKS, compared: 0 };
    const { a, b, distance } = embeddingLinks(vectors, radius, (share) => {
      told((1 + share) / 2);
    });
    const place = (row: number): number => places[row] as number;
    return { links: moved({ a: a.map(place), b: b.map(place), distance }), compared: places.length };
  },
};
export type DuplicatesApi = typeof api;

async function turnedOf(thumb: ArrayBuffer | null): Promise<string[]> {
  if (!thumb) return [];
  try {
    const { pixels } = await decodeImage(new Uint8Array(thumb), 192);
    return symmetryHashes(pixels);
  } catch {
    return [];
  }
}

const NO_LINKS: Links = { a: new Int32Array(), b: new Int32Array(), distance: new Uint8Array() };

/** Rows of vectors, and the photo's place that each one belongs to. */
interface Seen {
  readonly vectors: CompactVectors | null;
  readonly places: readonly number[];
}

async function readSeen(photos: readonly string[], network: string, progress: Progress): Promise<Seen> {
  const placeOf = new Map(photos.map((photo, place) => [photo, place]));
  const db = await openDatabase(libraryDatabase, () => undefined);
  let vectors: CompactVectors | null = null;
  const places: number[] = [];
  try {
    for (let after: string | null | undefined; after !== null;) {
      const { page, last } = await readEmbeddingPage(db, network, after ?? null);
      for (const { photo, values } of page) {
        const place = placeOf.get(photo);
        if (place === undefined) continue;
        vectors ??= new CompactVectors(values.length);
        vectors.add(values);
        places.push(place);
      }
      progress(places.length / Math.max(1, photos.length));
      after = last;
    }
  } finally {
    db.close();
  }
  return { vectors, places };
}

function moved(links: Links): Links {
  return handOver(
    links,
    [links.a, links.b, links.distance].map((list) => list.buffer as ArrayBuffer),
  );
}

function seldom(progress: Progress): Progress {
  let told = 0;
  return (share) => {
    const now = performance.now();
    if (now - told < TOLD_EVERY_MS) return;
    told = now;
    progress(share);
  };
}

serve(api);
