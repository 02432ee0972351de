import type { DataSetOptions } from '../schema/dataset.ts';
import { ORIGINS, type Origin } from '../schema/photo.ts';
import { chooseInTiers } from './balanced-choice.ts';
import type { Candidate, LeftOut } from './candidates.ts';
import type { ClassOfModel } from './classes.ts';
import { compareText } from './random.ts';

/** What one class contributes, before the split. */
export interface ClassPlan {
  readonly class: ClassOfModel;
  /** Usable photos by origin, before caps. */
  readonly usable: Readonly<Record<Origin, number>>;
  /** Photos short of the minimum; 0 = the class is in the model. */
  readonly shortBy: number;
  /** For training, validation and the test share of the split: at most `maximum`. */
  readonly chosen: readonly Candidate[];
  /** Real photos beyond the maximum, for the test set (P2-04, P2-39). */
  readonly overflow: readonly Candidate[];
}

/**
 * Exact copies, staged cap, minimum, maximum: one class, in this order (design §2.3).
 * @param candidates all of the class
 */
export function planClass(
  of: ClassOfModel,
  candidates: readonly Candidate[],
  options: DataSetOptions,
  leftOut: LeftOut,
): ClassPlan {
  const { kept: distinct, copies } = withoutCopies(candidates);
  const usable = {
    real: byOrigin(distinct, 'real').length,
    staged: byOrigin(distinct, 'staged').length,
    synthetic: byOrigin(distinct, 'synthetic').length,
  };
  const capped = capStaged(distinct, options);
  leave(copies, 'exact-copy');
  leave(capped.rest, 'staged-cap');
  const shortBy = Math.max(0, options.minimum - capped.chosen.length);
  if (shortBy > 0) {
    leave(capped.chosen, 'below-minimum');
    return { class: of, usable, shortBy, chosen: [], overflow: [] };
  }
  const { chosen, rest } = chooseInTiers(tiers(capped.chosen), options.maximum, [], options.seed);
  leave(
    rest.filter((c) => c.photo.origin !== 'real'),
    'over-maximum',
  );
  return { class: of, usable, shortBy, chosen, overflow: byOrigin(rest, 'real') };

  function leave(
    photos: readonly Candidate[],
    reason: 'exact-copy' | 'staged-cap' | 'below-minimum' | 'over-maximum',
  ): void {
    for (const { photo } of photos) leftOut.set(photo.id, reason);
  }
}

/** Of photos with the same pixels one stays: a real one if there is one, else staged; the lowest id of those. */
function withoutCopies(candidates: readonly Candidate[]): { kept: Candidate[]; copies: Candidate[] } {
  const best = new Map<string, Candidate>();
  for (const candidate of tiers(candidates).flat())
    if (!best.has(candidate.photo.pixels)) best.set(candidate.photo.pixels, candidate);
  const stays = (c: Candidate): boolean => best.get(c.photo.pixels) === c;
  return { kept: candidates.filter(stays), copies: candidates.filter((c) => !stays(c)) };
}

/** Staged photos fill up to the cap in total with the real ones, synthetic ones last (P2-26, P2-27). */
function capStaged(
  candidates: readonly Candidate[],
  { stagedCap, seed }: DataSetOptions,
): { chosen: Candidate[]; rest: Candidate[] } {
  const [real = [], ...others] = tiers(candidates);
  return chooseInTiers(others, stagedCap, real, seed);
}

/** Real, staged, synthetic, each sorted by id. */
function tiers(candidates: readonly Candidate[]): Candidate[][] {
  const sorted = [...candidates].sort((a, b) => compareText(a.photo.id, b.photo.id));
  return ORIGINS.map((origin) => byOrigin(sorted, origin));
}

function byOrigin(candidates: readonly Candidate[], origin: Origin): Candidate[] {
  return candidates.filter((c) => c.photo.origin === origin);
}
