// Near-duplicate pairs over 100 000 hashes at radius 6 against the plain loop over all pairs with a Uint32 popcount:
// the same pairs, on even hashes and on skewed ones. The two take turns in one process.
import { popcount, parseHashes } from '../../shared/dataset/hash-words.ts';
import { nearPairs } from '../../shared/dataset/near-pairs.ts';
import { createRandom } from '../../shared/dataset/random.ts';
import { addTimes, median, newTimes, repeat } from './times.mjs';

const [PHOTOS, RADIUS, ROUNDS] = [100_000, 6, 3];

/** @returns rows for the table: what, figure, unit, goal */
export async function benchDuplicates() {
  const rows = [];
  for (const [name, make] of Object.entries(KINDS)) {
    const hashes = make(createRandom(7));
    // Warms the search up; of the plain loop the first second does that.
    nearPairs(hashes.slice(0, 20_000), RADIUS);
    const [ours, plain] = [newTimes(), newTimes()];
    let pairs = null;
    for (let round = 0; round < ROUNDS; round += 1) {
      let found, all;
      addTimes(ours, await repeat(() => void (found = nearPairs(hashes, RADIUS)), 1));
      addTimes(plain, await repeat(() => void (all = everyPair(hashes, RADIUS)), 1));
      if (fingerprint(found) !== fingerprint(all)) throw new Error(`${name}: the pairs differ`);
      pairs = found.a.length;
    }
    rows.push(
      [`${name}: pairs, the same from both`, pairs, 'pairs'],
      [`${name}: plain loop, processor time`, median(plain.cpu), 's'],
      [`${name}: multi-index search, processor time`, median(ours.cpu), 's'],
      [`${name}: plain : search, median`, median(plain.cpu) / median(ours.cpu), '×', '≥ 15'],
    );
  }
  return rows;
}

const KINDS = {
  'even hashes': ({ int }) =>
    planted(
      Array.from({ length: PHOTOS }, () => [int(2 ** 32), int(2 ** 32)]),
      int,
    ),
  // Bursts and enclosures: 1 000 scenes with about a hundred photos each, up to 12 bits from their scene.
  'clustered hashes': ({ int }) => {
    const scenes = Array.from({ length: 1000 }, () => [int(2 ** 32), int(2 ** 32)]);
    return planted(
      Array.from({ length: PHOTOS }, () => flipped(scenes[int(scenes.length)], int(13), int)),
      int,
    );
  },
  // Sky above, dark below: each bit is set in one photo of five only.
  'few bits set': ({ int, next }) =>
    planted(
      Array.from({ length: PHOTOS }, () => [0, 1].map(() => word(next, 0.2))),
      int,
    ),
  // Half of the bits hardly ever vary, and what is left stands around 200 scenes.
  'clustered, few bits set': ({ int, next }) => {
    const scenes = Array.from({ length: 200 }, () => [0, 1].map(() => word(next, 0.25)));
    return planted(
      Array.from({ length: PHOTOS }, () => flipped(scenes[int(scenes.length)], 6 + int(20), int)),
      int,
    );
  },
};

function word(next, share) {
  let bits = 0;
  for (let bit = 0; bit < 32; bit += 1) bits = (bits << 1) | (next() < share ? 1 : 0);
  return bits >>> 0;
}

function flipped(words, bits, int) {
  const out = [...words];
  for (let i = 0; i < bits; i += 1) {
    const bit = int(64);
    out[bit >> 5] = (out[bit >> 5] ^ (1 << (bit & 31))) >>> 0;
  }
  return out;
}

/** Every twentieth is a near copy of the one before it. */
function planted(words, int) {
  for (let i = 20; i < words.length; i += 20) words[i] = flipped(words[i - 1], int(7), int);
  return words.map((pair) => pair.map((w) => w.toString(16).padStart(8, '0')).join(''));
}

function everyPair(hashes, radius) {
  const { high, low } = parseHashes(hashes);
  const [a, b] = [[], []];
  for (let i = 0; i < high.length; i += 1) {
    const [h, l] = [high[i], low[i]];
    for (let j = i + 1; j < high.length; j += 1) {
      if (popcount(h ^ high[j]) + popcount(l ^ low[j]) <= radius) {
        a.push(i);
        b.push(j);
      }
    }
  }
  return { a, b };
}

function fingerprint({ a, b }) {
  const keys = Float64Array.from(a, (first, i) => first * PHOTOS + b[i]).sort();
  let sum = 0;
  for (const key of keys) sum = (sum * 31 + key) % 9_007_199_254_740;
  return `${keys.length} ${sum}`;
}
