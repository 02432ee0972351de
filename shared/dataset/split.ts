import type { DataSetOptions, Part } from '../schema/dataset.ts';
import type { LabelId } from '../schema/names.ts';
import type { Candidate } from './candidates.ts';
import { seededOrder } from './random.ts';

type Quota = Readonly<Record<Exclude<Part, 'training'>, number>>;

/** A near-duplicate group, which is split as one; most have a single photo. */
interface Unit {
  readonly photos: readonly Candidate[];
  /** Photos by class: a group may span two classes. */
  readonly byClass: ReadonlyMap<LabelId, number>;
}

/**
 * Photos of one class for validation and test: each share rounded to the nearest whole photo, half up, so 40 photos
 * give 4 and 4 at 10 % each (P2-02). A class with two photos or more gets at least one for validation where that
 * has a share at all; training keeps at least one where it has a share.
 */
export function quotaOf(photos: number, split: DataSetOptions['split']): Quota {
  const share = (percent: number): number => Math.floor((photos * percent + 50) / 100);
  const available = split.training > 0 ? Math.max(0, photos - 1) : photos;
  const least = split.validation > 0 && photos >= 2 ? 1 : 0;
  const validation = Math.min(available, Math.max(least, share(split.validation)));
  return { validation, test: Math.min(available - validation, share(split.test)) };
}

/**
 * Deals near-duplicate groups to the parts, so that none straddles two (P2-31). Small groups go to validation and
 * test first, in seeded order, as long as no class exceeds its quota; the rest is for training. Where only groups
 * larger than the quota are left, the class still gets one into validation if training keeps a photo.
 * @param chosen photos of all classes in the model
 * @returns the part of each group
 */
export function splitGroups(
  chosen: readonly Candidate[],
  { split, seed }: DataSetOptions,
): ReadonlyMap<number, Part> {
  const units = unitsOf(chosen, seed);
  const quotas = new Map([...countByClass(chosen)].map(([id, photos]) => [id, quotaOf(photos, split)]));
  const counts: Record<Part, Map<LabelId, number>> = {
    training: countByClass(chosen),
    validation: new Map(),
    test: new Map(),
  };
  const parts = new Map<Unit, Part>(units.map((unit) => [unit, 'training']));
  const move = (unit: Unit, part: Part): void => {
    parts.set(unit, part);
    for (const [id, photos] of unit.byClass) {
      counts.training.set(id, (counts.training.get(id) ?? 0) - photos);
      counts[part].set(id, (counts[part].get(id) ?? 0) + photos);
    }
  };
  const fits = (unit: Unit, part: keyof Quota): boolean =>
    [...unit.byClass].every(([id, n]) => (counts[part].get(id) ?? 0) + n <= (quotas.get(id)?.[part] ?? 0));
  const leavesTraining = (unit: Unit): boolean =>
    split.training === 0 || [...unit.byClass].every(([id, n]) => (counts.training.get(id) ?? 0) > n);

  for (const unit of units) {
    const part = (['validation', 'test'] as const).find((p) => fits(unit, p));
    if (part !== undefined) move(unit, part);
  }
  for (const [id, { validation }] of quotas) {
    if (validation === 0 || (counts.validation.get(id) ?? 0) > 0) continue;
    const unit = units.find((u) => parts.get(u) === 'training' && u.byClass.has(id) && leavesTraining(u));
    if (unit !== undefined) move(unit, 'validation');
  }
  return new Map([...parts].flatMap(([unit, part]) => unit.photos.map((c) => [c.group, part] as const)));
}

/** Smallest first, seeded among equals. */
function unitsOf(chosen: readonly Candidate[], seed: number): Unit[] {
  const groups = new Map<number, Candidate[]>();
  for (const candidate of seededOrder(chosen, (c) => c.photo.id, seed, 'split')) {
    const members = groups.get(candidate.group);
    if (members === undefined) groups.set(candidate.group, [candidate]);
    else members.push(candidate);
  }
  const units = [...groups.values()].map((photos) => ({ photos, byClass: countByClass(photos) }));
  return units.sort((a, b) => a.photos.length - b.photos.length);
}

export function countByClass(photos: readonly Candidate[]): Map<LabelId, number> {
  const counts = new Map<LabelId, number>();
  for (const { class: id } of photos) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
