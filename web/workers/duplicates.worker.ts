import { lookalikes, turnedLookalikes, type Links } from '#shared/dataset/lookalikes.ts';
import { symmetryHashes } from '#shared/image/symmetries.ts';
import { decodeImage } from '../platform/decode.ts';
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
