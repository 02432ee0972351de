/** A filter made ready for a hundred thousand photos. */
import type { Photo } from '#shared/schema/photo.ts';

import type { PhotoFilter } from '../../../state/contract.ts';
import type { Column, Encoded } from './columns.ts';
import { FACET_NAMES, wantedOf, type FacetName } from './facets.ts';

/** A part of the filter that asks for something. */
export interface Asked {
  readonly name: FacetName;
  readonly codes: Uint32Array;
  /** 1 for the numbers of lists that hold a value asked for. */
  readonly fits: Uint8Array;
}

export interface Question {
  readonly asked: readonly Asked[];
  /** Whether the photo at a place fits what is not counted, the text and the days; null where nothing is asked. */
  readonly rest: ((at: number) => boolean) | null;
}

export function questionOf(filter: PhotoFilter, encoded: Encoded): Question {
  const asked = FACET_NAMES.flatMap((name): Asked[] => {
    const wanted = wantedOf(filter, name);
    if (wanted.length === 0) return [];
    const column = encoded.column(name);
    const fits = marked(column, (value) => wanted.includes(value));
    return [{ name, codes: column.codes, fits }];
  });
  return { asked, rest: restOf(filter, encoded) };
}

/** By number of list: whether one of its values is meant. */
function marked({ lists }: Column, isMeant: (value: string) => boolean): Uint8Array {
  return Uint8Array.from(lists.keys(), (list) => (list.some(isMeant) ? 1 : 0));
}

function restOf(filter: PhotoFilter, encoded: Encoded): Question['rest'] {
  const [from, before] = [dayStart(filter.from, 0), dayStart(filter.to, 1)];
  const says = textOf(filter, encoded);
  if (!says && from === '' && before === '') return null;
  return (at) => {
    const { addedAt } = encoded.photos[at] as Photo;
    if (from !== '' && addedAt < from) return false;
    if (before !== '' && addedAt >= before) return false;
    return !says || says(at);
  };
}

/** Whether the text is in the photo's file name or in that of its label. */
function textOf(filter: PhotoFilter, { photos, context, column }: Encoded): Question['rest'] {
  const text = filter.text.normalize('NFC').trim().toLowerCase();
  if (text === '') return null;
  const labels = column('label');
  const named = marked(labels, (key) => context.names.get(key)?.toLowerCase().includes(text) === true);
  return (at) =>
    named[labels.codes[at] as number] === 1 || (photos[at] as Photo).fileName.toLowerCase().includes(text);
}

function dayStart(day: string, later: number): string {
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return '';
  const time = new Date(year, month - 1, date + later);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}
