import { nearPairs, nearPairsBetween, type NearPairs, type Progress } from './near-pairs.ts';
import { UnionFind } from './union-find.ts';

/** Photos that look alike, as links between places of one list; who hangs together by links is one group. */
export type Links = NearPairs;

/**
 * Links between all photos whose hashes differ in at most `radius` bits. Of photos with equal hashes only the first is
 * linked with others, and the rest with it, so that many equal ones make few links.
 * @throws HashError
 */
export function lookalikes(hashes: readonly string[], radius: number, progress?: Progress): Links {
  const { firsts, links } = equalOnes(hashes);
  const { a, b, distance } = nearPairs(
    firsts.map((at) => hashes[at] as string),
    radius,
    progress,
  );
  const place = (item: number): number => firsts[item] as number;
  return joinLinks([links, { a: a.map(place), b: b.map(place), distance }]);
}

/**
 * Links between photos of which one looks like a mirrored or turned other.
 * @param turned for each photo the hashes of its mirrored and turned pictures; empty where it could not be read
 * @throws HashError
 */
export function turnedLookalikes(
  hashes: readonly string[],
  turned: readonly (readonly string[])[],
  radius: number,
  progress?: Progress,
): Links {
  const owners = turned.flatMap((list, at) => list.map(() => at));
  const pairs = nearPairsBetween(hashes, turned.flat(), radius, progress);
  const others = pairs.b.map((item) => owners[item] as number);
  const apart = Array.from(pairs.a.keys()).filter((i) => pairs.a[i] !== others[i]);
  return {
    a: Int32Array.from(apart, (i) => pairs.a[i] as number),
    b: Int32Array.from(apart, (i) => others[i] as number),
    distance: Uint8Array.from(apart, (i) => pairs.distance[i] as number),
  };
}

/** Groups of two or more places that links of at most `radius` hold together, in order of their first members. */
export function groupsOf(count: number, { a, b, distance }: Links, radius: number): number[][] {
  const sets = new UnionFind(count);
  for (let i = 0; i < a.length; i++) {
    if ((distance[i] as number) <= radius) sets.join(a[i] as number, b[i] as number);
  }
  const groups = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const home = sets.find(i);
    if (sets.size(home) === 1) continue;
    const group = groups.get(home);
    if (group) group.push(i);
    else groups.set(home, [i]);
  }
  return [...groups.values()];
}

export function joinLinks(all: readonly Links[]): Links {
  const count = all.reduce((sum, { a }) => sum + a.length, 0);
  const joined = { a: new Int32Array(count), b: new Int32Array(count), distance: new Uint8Array(count) };
  let at = 0;
  for (const { a, b, distance } of all) {
    joined.a.set(a, at);
    joined.b.set(b, at);
    joined.distance.set(distance, at);
    at += a.length;
  }
  return joined;
}

function equalOnes(hashes: readonly string[]): { firsts: number[]; links: Links } {
  const first = new Map<string, number>();
  const pairs: [number, number][] = [];
  hashes.forEach((hash, at) => {
    const other = first.get(hash);
    if (other === undefined) first.set(hash, at);
    else pairs.push([other, at]);
  });
  const links = {
    a: Int32Array.from(pairs, ([a]) => a),
    b: Int32Array.from(pairs, ([, b]) => b),
    distance: new Uint8Array(pairs.length),
  };
  return { firsts: [...first.values()], links };
}
