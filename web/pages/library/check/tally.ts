/** How many photos each choice of the double-check comes to. One pass, so that a thousand counts cost no more than one. */
import type { Photo } from '#shared/schema/photo.ts';

import { isOpen, pairsOf, setOf, type PairCount, type Stock } from './queue.ts';
import type { Verdict, VerdictKind } from './verdicts.ts';

export interface Count {
  readonly all: number;
  /** Wrong or low. */
  readonly doubtful: number;
}

export interface Tally {
  /** Of the photos that are to be asked about. */
  readonly kinds: Readonly<Record<VerdictKind, number>>;
  readonly pairs: readonly PairCount[];
  /** By class of the version, sub-class, part of a data set. */
  readonly classes: ReadonlyMap<string, Count>;
  readonly labels: ReadonlyMap<string, Count>;
  readonly sets: ReadonlyMap<string, Count>;
  /** Kept for this version. */
  readonly kept: number;
  /** Labelled, and not looked at. */
  readonly unseen: number;
}

export function tallyOf(stock: Stock): Tally {
  const kinds = { wrong: 0, low: 0, sure: 0 };
  const [classes, labels, sets] = [new Counter(), new Counter(), new Counter()];
  const open: Verdict[] = [];
  let [kept, unseen] = [0, 0];
  for (const photo of stock.photos) {
    if (stock.kept(photo)) kept += 1;
    if (isUnseen(photo, stock)) unseen += 1;
    if (!isOpen(photo, stock)) continue;
    const verdict = stock.verdicts.get(photo.id);
    const doubtful = verdict !== undefined && verdict.kind !== 'sure';
    if (photo.label?.kind === 'sub-class') labels.add(photo.label.id, doubtful);
    sets.add(setOf(photo.id, stock.verdicts, stock.sets), doubtful);
    if (!verdict) continue;
    kinds[verdict.kind] += 1;
    classes.add(verdict.truth, doubtful);
    open.push(verdict);
  }
  const counts = { classes: classes.counts, labels: labels.counts, sets: sets.counts };
  return { kinds, pairs: pairsOf(open), ...counts, kept, unseen };
}

function isUnseen({ id, label, excluded }: Photo, { answers }: Stock): boolean {
  return label?.kind === 'sub-class' && !excluded && !answers.has(id);
}

class Counter {
  readonly counts = new Map<string, Count>();

  add(key: string | undefined, doubtful: boolean): void {
    if (key === undefined) return;
    const before = this.counts.get(key) ?? { all: 0, doubtful: 0 };
    this.counts.set(key, { all: before.all + 1, doubtful: before.doubtful + (doubtful ? 1 : 0) });
  }
}
