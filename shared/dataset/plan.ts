/** What a data-set build would come to, in figures for people: the planner's view of `buildDataSet` (P2-36 … P2-47). */
import {
  LEFT_OUT_REASONS,
  PARTS,
  type ClassCounts,
  type LeftOutReason,
  type Part,
} from '../schema/dataset.ts';
import type { LabelId, PhotoId } from '../schema/names.ts';
import type { Origin, Photo } from '../schema/photo.ts';
import { buildDataSet } from './build.ts';
import { groupPhotos } from './candidates.ts';
import { resolveClasses, type ClassMap } from './classes.ts';
import type { DataSetInput } from './input.ts';

export type OriginCounts = Readonly<Record<Origin, number>>;

/** One class on its way through the build; each step has what the one before leaves. */
export interface PlannedClass {
  readonly id: LabelId;
  readonly name: string;
  /** Photos with a label of this class that may train, by origin. */
  readonly usable: OriginCounts;
  /** Without exact copies. */
  readonly distinct: OriginCounts;
  /** Within the staged cap and the maximum; real photos beyond the maximum are still here, for they overflow. */
  readonly capped: OriginCounts;
  readonly parts: Readonly<Record<Part, number>>;
  /** Of the test photos, those beyond the maximum (P2-04). */
  readonly overflow: number;
  readonly included: boolean;
  /** Photos short of the minimum; 0 when included. */
  readonly shortBy: number;
  /** How its sub-classes share what trains and validates (P1-54). */
  readonly subClasses: readonly {
    readonly id: LabelId;
    readonly name: string;
    readonly usable: number;
    readonly chosen: number;
  }[];
}

export interface Plan {
  /** Sorted as the build sorts them: by id. */
  readonly classes: readonly PlannedClass[];
  readonly totals: Readonly<Record<Part, number>>;
  /** Classes in the model. */
  readonly included: number;
  /** "Test covers n of N classes". */
  readonly testCovers: number;
  /** Only reasons that occur, in the order in which the build asks. */
  readonly leftOut: readonly { readonly reason: LeftOutReason; readonly photos: readonly PhotoId[] }[];
  /** Near-duplicates of a benchmark's photos that are kept out of training because of it. */
  readonly leaks: readonly { readonly benchmark: LabelId; readonly photos: number }[];
}

/**
 * Builds the data set and counts what became of every photo.
 * @throws DataSetError, MergeRuleError, HashError: as `buildDataSet`
 */
export function planDataSet(input: DataSetInput): Plan {
  const built = buildDataSet(input);
  const reasons = new Map(built.leftOut.map((l) => [l.photo, l.reason]));
  const chosen = new Set([...built.training, ...built.validation].map((e) => e.photo));
  const classMap = resolveClasses(input.subClasses, input.mergeRules);
  const tallies = tallyPhotos(input, classMap, reasons, chosen);
  const names = new Map(input.subClasses.map((s) => [s.id, s.name]));
  return {
    classes: built.classes.map((counts) => plannedClass(counts, input, tallies, names)),
    totals: { training: built.training.length, validation: built.validation.length, test: built.test.length },
    included: built.labels.length,
    testCovers: built.testCovers,
    leftOut: byReason(built.leftOut),
    leaks: leaksOf(input, reasons),
  };
}

/**
 * Classes that a run with a lower minimum would have besides: a throw-away run, for finding more photos (P2-05).
 * The same as building with that minimum, for nothing else decides whether a class is in.
 */
export function gainsAt(plan: Plan, minimum: number): readonly PlannedClass[] {
  return plan.classes.filter((c) => !c.included && total(c.capped) >= minimum);
}

/** A class of the plan as a data set tells it. */
export function countsOf({ usable, parts, subClasses, ...rest }: PlannedClass): ClassCounts {
  const { id, name, included, shortBy } = rest;
  return { id, name, included, shortBy, subClasses: subClasses.map((s) => s.id), ...usable, ...parts };
}

/** Photos of all origins together. */
export function total({ real, staged, synthetic }: OriginCounts): number {
  return real + staged + synthetic;
}

type Step = 'usable' | 'distinct' | 'capped';

interface Tally {
  readonly steps: Record<Step, Record<Origin, number>>;
  groupSplit: number;
}

interface Tallies {
  readonly classes: ReadonlyMap<LabelId, Tally>;
  readonly subClasses: ReadonlyMap<LabelId, { usable: number; chosen: number }>;
}

/** After which step a photo with this reason is gone; those that are not listed never started. */
const GONE_AFTER: Partial<Record<LeftOutReason, readonly Step[]>> = {
  'exact-copy': ['usable'],
  'staged-cap': ['usable', 'distinct'],
  'over-maximum': ['usable', 'distinct'],
  'below-minimum': ['usable', 'distinct', 'capped'],
  'group-split': ['usable', 'distinct', 'capped'],
};
const ALL_STEPS: readonly Step[] = ['usable', 'distinct', 'capped'];

function tallyPhotos(
  input: DataSetInput,
  classMap: ClassMap,
  reasons: ReadonlyMap<PhotoId, LeftOutReason>,
  chosen: ReadonlySet<PhotoId>,
): Tallies {
  const held = new Set(input.benchmarks.flatMap((b) => b.items.map((i) => i.photo)));
  const classes = new Map(classMap.classes.map((c) => [c.id, newTally()]));
  const subClasses = new Map(input.subClasses.map((s) => [s.id, { usable: 0, chosen: 0 }]));
  for (const photo of input.photos) {
    if (photo.label === null || held.has(photo.id)) continue;
    const tally = classes.get(classMap.classOf(photo.label.id) ?? photo.label.id);
    const sub = subClasses.get(photo.label.id);
    const reason = reasons.get(photo.id);
    const steps = reason === undefined ? ALL_STEPS : GONE_AFTER[reason];
    if (!tally || !sub || !steps) continue;
    for (const step of steps) tally.steps[step][photo.origin] += 1;
    if (reason === 'group-split') tally.groupSplit += 1;
    sub.usable += 1;
    if (chosen.has(photo.id)) sub.chosen += 1;
  }
  return { classes, subClasses };
}

function newTally(): Tally {
  const none = (): Record<Origin, number> => ({ real: 0, staged: 0, synthetic: 0 });
  return { steps: { usable: none(), distinct: none(), capped: none() }, groupSplit: 0 };
}

function plannedClass(
  counts: ClassCounts,
  { options }: DataSetInput,
  tallies: Tallies,
  names: ReadonlyMap<LabelId, string>,
): PlannedClass {
  const { steps, groupSplit } = tallies.classes.get(counts.id) ?? newTally();
  const beyond = counts.included ? Math.max(0, total(steps.capped) - options.maximum) : 0;
  return {
    id: counts.id,
    name: counts.name,
    ...steps,
    parts: { training: counts.training, validation: counts.validation, test: counts.test },
    overflow: beyond - groupSplit,
    included: counts.included,
    shortBy: counts.shortBy,
    subClasses: counts.subClasses.map((id) => ({
      id,
      name: names.get(id) ?? id,
      ...(tallies.subClasses.get(id) ?? { usable: 0, chosen: 0 }),
    })),
  };
}

function byReason(leftOut: readonly { photo: PhotoId; reason: LeftOutReason }[]): Plan['leftOut'] {
  const lists = new Map<LeftOutReason, PhotoId[]>(LEFT_OUT_REASONS.map((reason) => [reason, []]));
  for (const { photo, reason } of leftOut) lists.get(reason)?.push(photo);
  return [...lists].filter(([, photos]) => photos.length > 0).map(([reason, photos]) => ({ reason, photos }));
}

/**
 * Whose photo a kept-out near-duplicate hangs together with. Chains run through such photos and benchmarks' only, so
 * looking at these alone finds the groups of the whole build.
 */
function leaksOf(input: DataSetInput, reasons: ReadonlyMap<PhotoId, LeftOutReason>): Plan['leaks'] {
  const held = new Set(input.benchmarks.flatMap((b) => b.items.map((i) => i.photo)));
  const near = (photo: Photo): boolean => reasons.get(photo.id) === 'near-benchmark';
  const photos = input.photos.filter((p) => held.has(p.id) || near(p));
  const groups = groupPhotos(photos, input.options.duplicateDistance);
  const groupOf = new Map(photos.map((photo, i) => [photo.id, groups[i]]));
  return input.benchmarks.map(({ id, items }) => {
    const own = new Set(items.map((i) => groupOf.get(i.photo)));
    return { benchmark: id, photos: photos.filter((p) => near(p) && own.has(groupOf.get(p.id))).length };
  });
}

/** Photos in all parts together. */
export function inParts(parts: Readonly<Record<Part, number>>): number {
  return PARTS.reduce((sum, part) => sum + parts[part], 0);
}
