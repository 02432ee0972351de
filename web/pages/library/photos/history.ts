/** What happened to one photo, as people read it. */
import type { JournalEntry } from '../../../state/contract.ts';
import { tl } from '../../../messages/text-library.ts';

type Patch = JournalEntry['act']['patches'][number];
type OpinionPatch = Extract<Patch, { field: 'opinion' }>;

export interface Happening {
  readonly at: string;
  /** Empty where nobody had given a name. */
  readonly by: string;
  readonly text: string;
  readonly undone: boolean;
}

/** One line for each field that an act changed of the photo. */
export function happenings(
  id: string,
  entries: readonly JournalEntry[],
  names: ReadonlyMap<string, string>,
): Happening[] {
  return entries.flatMap(({ at, by, act, undone }) => {
    const texts = act.patches.filter((patch) => patch.photo === id).map((patch) => patchWords(patch, names));
    if (act.binned.some((one) => one === id)) texts.push(tl('history.removed'));
    if (act.restored.some((one) => one === id)) texts.push(tl('history.restored'));
    return texts.map((text) => ({ at, by, text, undone }));
  });
}

function patchWords(patch: Patch, names: ReadonlyMap<string, string>): string {
  const [from, to] = sides(patch, names);
  return tl('photo.change', { what: tl(`history.${patch.field}`), from, to });
}

function sides(patch: Patch, names: ReadonlyMap<string, string>): [string, string] {
  switch (patch.field) {
    case 'opinion':
      return [opinion(patch.before, names), opinion(patch.after, names)];
    case 'origin':
      return both(patch, (value) => tl(`origin.short.${value}`));
    case 'faults':
      return both(patch, (value) => value.map((f) => tl(`fault.${f}`)).join(', ') || tl('history.none'));
    case 'excluded':
      return both(patch, (value) => tl(value ? 'filter.use.out' : 'filter.use.in'));
    case 'edits':
      return both(patch, ({ edits: { turn, crop } }) => {
        if (turn === 0 && crop === null) return tl('history.asItCame');
        const share =
          crop && `${String(Math.round(crop.width * 100))} × ${String(Math.round(crop.height * 100))} %`;
        return tl('history.cropped', { turn, crop: share ?? tl('history.none') });
      });
  }
}

function both<T>(
  { before, after }: { readonly before: { readonly value: T }; readonly after: { readonly value: T } },
  words: (value: T) => string,
): [string, string] {
  return [words(before.value), words(after.value)];
}

function opinion(side: OpinionPatch['before'], names: ReadonlyMap<string, string>): string {
  const label = side?.label;
  return label ? (names.get(`${label.kind} ${label.id}`) ?? label.id) : tl('history.none');
}
