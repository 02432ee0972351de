import { labelsOf, proposeBest, type Proposal } from '#shared/dataset/keep-best.ts';
import { groupsOf } from '#shared/dataset/lookalikes.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type {
  LabelChoice,
  LibraryState,
  Lookalikes,
  Settlement,
  StoredDecision,
} from '../../../state/contract.ts';

import { keyOf } from '../labels.ts';

/** Photos that look alike, with what is proposed. */
export interface Group {
  /** Ids of its photos, joined. */
  readonly key: string;
  readonly photos: readonly [Photo, ...Photo[]];
  readonly proposal: Proposal;
  /** The labels that they wear; two or more are a label error. */
  readonly labels: readonly LabelChoice[];
  /** The same picture, pixel by pixel. */
  readonly exact: boolean;
}

export interface Sorted {
  /** To be decided, label errors first. */
  readonly open: readonly Group[];
  /** Came back after they had been dropped: the same decision would do. */
  readonly returned: readonly Settlement[];
}

/** More than this are not looked at side by side: a larger group is shown in parts. */
const MOST = 24;

type Library = Pick<LibraryState, 'photos' | 'benchmarks'>;

/** Groups at a radius, without those that were decided before. */
export function sortGroups(
  library: Library,
  found: Lookalikes,
  radius: number,
  decisions: readonly StoredDecision[],
): Sorted {
  const byId = new Map<string, Photo>(library.photos.map((photo) => [photo.id, photo]));
  const inBenchmark = benchmarkPhotos(library);
  const past = new PastDecisions(decisions);
  const open: Group[] = [];
  const returned: Settlement[] = [];
  for (const places of groupsOf(found.photos.length, found.links, radius)) {
    const all = places.flatMap((place) => byId.get(found.photos[place] ?? '') ?? []);
    for (let at = 0; at < all.length; at += MOST) {
      const photos = all.slice(at, at + MOST);
      const again = past.droppedOf(photos);
      const rest = photos.filter((photo) => !again.has(photo.id));
      if (again.size > 0 && past.settled(rest))
        returned.push({ photos: ids(photos), keep: ids(rest), label: null });
      else if (photos.length > 1 && !past.settled(photos)) open.push(groupOf(photos, inBenchmark));
    }
  }
  return { open: open.toSorted((a, b) => rank(a) - rank(b)), returned };
}

/** One settlement for every group of equal pictures with at most one label; photos of benchmarks all stay. */
export function exactCopies(library: Library, groups: readonly Group[]): Settlement[] {
  const inBenchmark = benchmarkPhotos(library);
  return groups.flatMap((group) => {
    const byPixels = Map.groupBy(group.photos, (photo) => photo.pixels);
    return [...byPixels.values()].flatMap((same): Settlement[] => {
      const [first, ...others] = same;
      if (!first || labelsOf(same).length > 1) return [];
      const { best } = proposeBest([first, ...others], inBenchmark);
      const keep = [best, ...same.filter((p) => p !== best && inBenchmark.has(p.id))];
      return keep.length < same.length ? [{ photos: ids(same), keep: ids(keep), label: null }] : [];
    });
  });
}

/** How many photos settlements take away. */
export function droppedBy(settlements: readonly Settlement[]): number {
  return settlements.reduce((sum, { photos, keep }) => sum + photos.length - keep.length, 0);
}

/** Pairs that differ by exactly so many bits, a few of them. */
export function examplesAt(found: Lookalikes, radius: number, most: number): [string, string][] {
  const { a, b, distance } = found.links;
  const pairs: [string, string][] = [];
  for (let i = distance.indexOf(radius); i >= 0 && pairs.length < most; i = distance.indexOf(radius, i + 1)) {
    pairs.push([found.photos[a[i] ?? 0] ?? '', found.photos[b[i] ?? 0] ?? '']);
  }
  return pairs;
}

/** Keys of the labels that groups wear (`none` for no label), with how many groups wear each. */
export function groupsByLabel(groups: readonly Group[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { photos } of groups) {
    const keys = new Set(photos.map(({ label }) => (label ? keyOf(label) : 'none')));
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts];
}

/** How many photos the search has not seen. */
export function unseenBy(found: Lookalikes, photos: readonly Photo[]): number {
  const seen = new Set(found.photos);
  return photos.filter((photo) => !seen.has(photo.id)).length;
}

/** Names of the benchmarks that a photo is in. */
export function benchmarksOf({ benchmarks }: Pick<LibraryState, 'benchmarks'>, id: string): string[] {
  return benchmarks.filter((b) => b.items.some((item) => item.photo === id)).map((b) => b.name);
}

function benchmarkPhotos({ benchmarks }: Pick<LibraryState, 'benchmarks'>): ReadonlySet<string> {
  return new Set(benchmarks.flatMap((b) => b.items.map((item) => item.photo)));
}

function groupOf(list: readonly Photo[], inBenchmark: ReadonlySet<string>): Group {
  const photos = list as Group['photos'];
  const proposal = proposeBest(photos, inBenchmark);
  const ordered: Group['photos'] = [proposal.best, ...photos.filter((photo) => photo !== proposal.best)];
  return {
    key: ids(photos).join(' '),
    photos: ordered,
    proposal,
    labels: labelsOf(photos),
    exact: photos.every((photo) => photo.pixels === photos[0].pixels),
  };
}

/** Label errors first, then equal pictures. */
function rank({ labels, exact }: Group): number {
  if (labels.length > 1) return 0;
  return exact ? 1 : 2;
}

function ids(photos: readonly Photo[]): string[] {
  return photos.map((photo) => photo.id);
}

/** What was decided before, by photo. */
class PastDecisions {
  readonly #of = new Map<string, StoredDecision[]>();

  constructor(decisions: readonly StoredDecision[]) {
    for (const decision of decisions) {
      for (const id of decision.photos) {
        const list = this.#of.get(id);
        if (list) list.push(decision);
        else this.#of.set(id, [decision]);
      }
    }
  }

  /** Whether somebody said of every two of them that both stay. */
  settled(photos: readonly Photo[]): boolean {
    return photos.every((photo, i) =>
      photos.slice(i + 1).every((other) => {
        const both = this.#of.get(photo.id)?.filter((d) => d.kind !== 'dropped') ?? [];
        return both.some((d) => d.photos.includes(other.id));
      }),
    );
  }

  /** Those that somebody dropped for another one of these. */
  droppedOf(photos: readonly Photo[]): ReadonlySet<string> {
    const here = new Set<string>(ids(photos));
    const dropped = photos.filter((photo) =>
      this.#of.get(photo.id)?.some((d) => {
        const [kept = ''] = d.photos;
        return d.kind === 'dropped' && kept !== photo.id && here.has(kept);
      }),
    );
    return dropped.length < photos.length ? new Set(ids(dropped)) : new Set();
  }
}
