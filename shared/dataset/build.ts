import type { Benchmark } from '../schema/benchmark.ts';
import { PARTS, type ClassCounts, type DataSet, type Part } from '../schema/dataset.ts';
import type { LabelId } from '../schema/names.ts';
import { findCandidates, type Candidate, type LeftOut } from './candidates.ts';
import { planClass, type ClassPlan } from './caps.ts';
import { resolveClasses, type ClassMap } from './classes.ts';
import { checkInput, type DataSetInput } from './input.ts';
import { compareText } from './random.ts';
import { countByClass, splitGroups } from './split.ts';

type Parts = Readonly<Record<Part, readonly Candidate[]>>;

/**
 * The whole build (design §2.3 … §2.6): benchmarks out → merge → real before staged before synthetic → minimum →
 * maximum → overflow → split. Pure: the same library, options and seed give the same data set, whatever the order of
 * the input and the platform. Every photo is in exactly one part, or in benchmarks only, or left out for one reason.
 * @throws DataSetError, MergeRuleError, HashError: each names the culprit
 */
export function buildDataSet(input: DataSetInput): DataSet {
  checkInput(input);
  const classMap = resolveClasses(input.subClasses, input.mergeRules);
  const leftOut: LeftOut = new Map();
  const candidates = findCandidates(input, classMap, leftOut);
  const plans = planClasses(classMap, candidates, input, leftOut);
  const parts = divide(plans, input, leftOut);
  const labels = plans.filter((p) => p.shortBy === 0).map((p) => p.class.id);
  const benchmarks = sortById(input.benchmarks).map((b) => scoreable(b, classMap, new Set(labels)));
  leaveFormerOutOfScope(input, benchmarks, leftOut);
  const classes = countClasses(plans, parts);
  return {
    v: 1,
    options: input.options,
    labels,
    classes,
    training: entries(parts.training),
    validation: entries(parts.validation),
    test: entries(parts.test),
    benchmarks,
    leftOut: [...leftOut]
      .map(([photo, reason]) => ({ photo, reason }))
      .sort((a, b) => compareText(a.photo, b.photo)),
    testCovers: classes.filter((c) => c.test > 0).length,
  };
}

function planClasses(
  { classes }: ClassMap,
  candidates: readonly Candidate[],
  { options }: DataSetInput,
  leftOut: LeftOut,
): ClassPlan[] {
  const byClass = new Map<LabelId, Candidate[]>(classes.map((c) => [c.id, []]));
  for (const candidate of candidates) byClass.get(candidate.class)?.push(candidate);
  return classes.map((c) => planClass(c, byClass.get(c.id) ?? [], options, leftOut));
}

/** Split, then overflow to the test set: save where its near-duplicates train or validate already. */
function divide(plans: readonly ClassPlan[], { options }: DataSetInput, leftOut: LeftOut): Parts {
  const parts: Record<Part, Candidate[]> = { training: [], validation: [], test: [] };
  const chosen = plans.flatMap((p) => p.chosen);
  const partOfGroup = splitGroups(chosen, options);
  for (const candidate of chosen) parts[partOfGroup.get(candidate.group) ?? 'training'].push(candidate);
  for (const candidate of plans.flatMap((p) => p.overflow)) {
    if ((partOfGroup.get(candidate.group) ?? 'test') === 'test') parts.test.push(candidate);
    else leftOut.set(candidate.photo.id, 'group-split');
  }
  return parts;
}

/**
 * A benchmark for the model with these labels. An item is out of scope (class null) when nobody said what it shows or
 * when its class is not in the model. Whoever sits in an out-of-scope benchmark leaves it once its class is in.
 */
function scoreable(
  { id, kind, items }: Benchmark,
  classMap: ClassMap,
  labels: ReadonlySet<LabelId>,
): DataSet['benchmarks'][number] {
  const scored = items.map(({ photo, truth }) => {
    const owner = truth === null ? undefined : classMap.classOf(truth);
    return { photo, class: owner !== undefined && labels.has(owner) ? owner : null };
  });
  return {
    id,
    kind,
    items: scored
      .filter((item) => kind !== 'out-of-scope' || item.class === null)
      .sort((a, b) => compareText(a.photo, b.photo)),
  };
}

function leaveFormerOutOfScope(input: DataSetInput, kept: DataSet['benchmarks'], leftOut: LeftOut): void {
  const still = new Set(kept.flatMap((b) => b.items.map((i) => i.photo)));
  for (const { photo } of input.benchmarks.flatMap((b) => b.items))
    if (!still.has(photo)) leftOut.set(photo, 'entered-scope');
}

function countClasses(plans: readonly ClassPlan[], parts: Parts): ClassCounts[] {
  const [training, validation, test] = PARTS.map((part) => countByClass(parts[part]));
  return plans.map(({ class: { id, name, subClasses }, usable, shortBy }) => ({
    id,
    name,
    subClasses: [...subClasses],
    ...usable,
    included: shortBy === 0,
    shortBy,
    training: training?.get(id) ?? 0,
    validation: validation?.get(id) ?? 0,
    test: test?.get(id) ?? 0,
  }));
}

function entries(candidates: readonly Candidate[]): DataSet['training'] {
  return candidates
    .map((c) => ({ photo: c.photo.id, class: c.class }))
    .sort((a, b) => compareText(a.photo, b.photo));
}

function sortById(benchmarks: readonly Benchmark[]): Benchmark[] {
  return [...benchmarks].sort((a, b) => compareText(a.id, b.id));
}
