/** Decisions about photos that look alike: one act, one transaction, remembered by content. */
import { labelsOf, takeOver } from '#shared/dataset/keep-best.ts';
import { decisionKey } from '#shared/schema/decision.ts';
import type { Label, Photo } from '#shared/schema/photo.ts';
import { opinionPatch, patchOf, perform, type Stamp } from './acts.ts';
import { patched } from './apply-act.ts';
import type { Database, Writing } from './db.ts';
import type { PartChange, Patch } from './journal.ts';
import { getPhotos } from './photos.ts';
import type { LibrarySchema, StoredDecision } from './upgrades.ts';

/** What a person decided about one group. */
export interface Settlement {
  /** The whole group. */
  readonly photos: readonly string[];
  /** Who stays, the best first; at least one. */
  readonly keep: readonly string[];
  /** What they all show, where the group wore different labels; null leaves every label as it is. */
  readonly label: Pick<Label, 'kind' | 'id'> | null;
}

export function readDecisions(db: Database<LibrarySchema>): Promise<readonly StoredDecision[]> {
  return db.read(['decisions'], (tx) => tx.objectStore('decisions').getAll());
}

/**
 * Settles groups in one act: the kept ones take over what the dropped say, the dropped go to the bin, the decision is
 * remembered (P2-34). A group of which nobody to be kept is there any more is passed over: never all are dropped.
 * @returns the photos it touched
 */
export function settleDuplicates(
  db: Database<LibrarySchema>,
  settlements: readonly Settlement[],
  stamp: Stamp,
): Promise<readonly string[]> {
  return db.write(['photos', 'bin', 'decisions', 'journal'], async (tx) => {
    const act = { patches: [] as Patch[], parts: [] as PartChange[], binned: [] as Photo['id'][] };
    let photos = 0;
    for (const settlement of settlements) {
      const all = await getPhotos(tx, settlement.photos);
      const kept = settlement.keep.flatMap((id) => all.find((photo) => photo.id === id) ?? []);
      const dropped = all.filter((photo) => !settlement.keep.includes(photo.id));
      if (kept.length === 0 || all.length < 2) continue;
      photos += all.length;
      act.patches.push(...kept.flatMap((photo) => heirPatches(photo, dropped, settlement.label, stamp)));
      act.parts.push(...(await remember(tx, kept, dropped, stamp)));
      act.binned.push(...dropped.map((photo) => photo.id));
    }
    return perform(tx, { kind: 'duplicates', name: '', photos, ...act, restored: [] }, stamp);
  });
}

/** What a kept photo takes over, then what the person said about labels that differed. */
function heirPatches(
  kept: Photo,
  dropped: readonly Photo[],
  label: Settlement['label'],
  stamp: Stamp,
): Patch[] {
  const { opinions, faults } = takeOver(kept, dropped);
  const taken = opinions.flatMap((opinion): Patch[] => {
    const own = kept.opinions.find((o) => o.by === opinion.by);
    if (JSON.stringify(own) === JSON.stringify(opinion)) return [];
    const side = (o: typeof opinion) => ({ at: o.at, label: o.label });
    const before = own ? side(own) : null;
    return [{ photo: kept.id, field: 'opinion', by: opinion.by, before, after: side(opinion) }];
  });
  const heir = taken.reduce((photo, patch) => patched(photo, patch, 'do'), kept);
  const worn = labelsOf([heir])[0];
  const agreed = label === null || (worn?.kind === label.kind && worn.id === label.id);
  return [
    ...taken,
    ...patchOf(kept, 'faults', faults, stamp),
    // A fault excludes, here as anywhere (P1-19).
    ...(kept.faults.length === 0 && faults.length > 0 ? patchOf(kept, 'excluded', true, stamp) : []),
    ...(agreed ? [] : [opinionPatch(heir, label, stamp)]),
  ];
}

async function remember(
  tx: Writing<LibrarySchema>,
  kept: readonly Photo[],
  dropped: readonly Photo[],
  { by, at }: Stamp,
): Promise<PartChange[]> {
  const decisions: Pick<StoredDecision, 'kind' | 'photos'>[] = [];
  const ids = kept.map((photo) => photo.id);
  if (kept.length > 1) decisions.push({ kind: dropped.length > 0 ? 'different' : 'keep-all', photos: ids });
  if (dropped.length > 0)
    decisions.push({ kind: 'dropped', photos: [...ids.slice(0, 1), ...dropped.map((photo) => photo.id)] });
  return Promise.all(
    decisions.map(async (decision): Promise<PartChange> => {
      const key = decisionKey(decision);
      const before: unknown = (await tx.objectStore('decisions').get(key)) ?? null;
      return { store: 'decisions', key, before, after: { id: key, ...decision, by, at } };
    }),
  );
}
