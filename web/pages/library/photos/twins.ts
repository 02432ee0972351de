import { groupsOf } from '#shared/dataset/lookalikes.ts';

import type { LibraryState } from '../../../state/contract.ts';
import { sortGroups } from '../duplicates/groups.ts';

/** `open`: in a group of look-alikes that nobody has decided on; `decided`: in one that somebody has. */
export type Twin = 'open' | 'decided';

/** By photo; those that are not in it stand alone. */
export type Twins = ReadonlyMap<string, Twin>;

/** Bits in which look-alikes may differ: as the duplicates room begins. */
const RADIUS = 4;

type Library = Pick<LibraryState, 'photos' | 'benchmarks' | 'findDuplicates' | 'duplicateDecisions'>;

/** Searches the library for look-alikes, in a worker. @throws the signal's reason */
export async function readTwins(library: Library, signal: AbortSignal): Promise<Twins> {
  const likeness = { kind: 'picture', radius: RADIUS, turned: false } as const;
  const [found, decisions] = await Promise.all([
    library.findDuplicates(library.photos, likeness, () => undefined, signal),
    library.duplicateDecisions(),
  ]);
  const twins = new Map<string, Twin>();
  for (const places of groupsOf(found.photos.length, found.links, RADIUS))
    for (const place of places) twins.set(found.photos[place] ?? '', 'decided');
  const { open, returned } = sortGroups(library, found, RADIUS, decisions);
  const undecided = [
    ...open.flatMap(({ photos }) => photos.map(({ id }) => id)),
    ...returned.flatMap((r) => r.photos),
  ];
  for (const id of undecided) twins.set(id, 'open');
  return twins;
}
