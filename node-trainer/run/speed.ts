import type { Pixels } from '#shared/image/pixels.ts';
import { scoreImages } from '#shared/model/infer.ts';
import type { Network } from '#shared/model/network.ts';

/** Odd, so that the median is one of them. */
const ROUNDS = 15;
const MOST_SECONDS = 5;

/**
 * Time that the network takes for one picture alone, as when a guest asks (E-13): median of some rounds after a first
 * one that only warms it up.
 * @returns milliseconds
 */
export async function msPerImage(network: Network, image: Pixels): Promise<number> {
  await scoreImages(network, [image]);
  const times: number[] = [];
  const end = performance.now() + MOST_SECONDS * 1000;
  while (times.length < ROUNDS && (times.length === 0 || performance.now() < end)) {
    const start = performance.now();
    await scoreImages(network, [image]);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}
