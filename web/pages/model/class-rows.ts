import type { SetAtThreshold } from '../../state/contract-evidence.ts';
import type { EvidenceSet } from './evidence-set.ts';

/** Answers of one class at a threshold, and how many more or fewer than at the usual one. */
interface RowAnswers {
  readonly right: number;
  readonly wrong: number;
  readonly not: number;
  readonly rightChange: number;
  readonly wrongChange: number;
}

/** One line of the table of classes. */
export interface ClassRow {
  readonly column: number;
  readonly name: string;
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Null while the scores are not at hand. */
  readonly answers: RowAnswers | null;
}

export type ClassOrder = 'name' | 'support' | 'precision' | 'recall' | 'f1' | 'right' | 'wrong' | 'not';

export interface Sorting {
  readonly by: ClassOrder;
  readonly descending: boolean;
}

/** @param now and `usual` hold the answers at the slider's and at the card's threshold */
export function classRows(
  set: EvidenceSet,
  labels: readonly { readonly name: string }[],
  now: SetAtThreshold | null,
  usual: SetAtThreshold | null,
): ClassRow[] {
  return labels.map(({ name }, column) => {
    const figures = set.classes[column] ?? { support: 0, precision: 0, recall: 0, f1: 0 };
    return { column, name, ...figures, answers: now && answersOf(column, now, usual ?? now) };
  });
}

function answersOf(column: number, now: SetAtThreshold, usual: SetAtThreshold): RowAnswers {
  const at = ({ classes }: SetAtThreshold): readonly [right: number, wrong: number] => [
    classes.right[column] ?? 0,
    classes.wrong[column] ?? 0,
  ];
  const [[right, wrong], [rightThen, wrongThen]] = [at(now), at(usual)];
  const support = now.classes.support[column] ?? 0;
  return {
    right,
    wrong,
    not: support - right - wrong,
    rightChange: right - rightThen,
    wrongChange: wrong - wrongThen,
  };
}

/** Rows whose name contains the query, in order; classes that the set has no photos of come last. */
export function shownRows(rows: readonly ClassRow[], query: string, { by, descending }: Sorting): ClassRow[] {
  const wanted = query.trim().toLowerCase();
  const sign = descending ? -1 : 1;
  return rows
    .filter((row) => row.name.toLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        (by === 'name' ? 0 : Number(a.support === 0) - Number(b.support === 0)) ||
        sign * compare(a, b, by) ||
        a.column - b.column,
    );
}

function compare(a: ClassRow, b: ClassRow, by: ClassOrder): number {
  if (by === 'name') return a.name.localeCompare(b.name);
  return valueOf(a, by) - valueOf(b, by);
}

function valueOf(row: ClassRow, by: Exclude<ClassOrder, 'name'>): number {
  return by === 'right' || by === 'wrong' || by === 'not' ? (row.answers?.[by] ?? 0) : row[by];
}
