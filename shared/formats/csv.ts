/**
 * A table with a row for each image:
 *
 *     filename,label,split
 *     images/<photo>.png,red panda,train
 *
 * Read: with or without a header of the usual names, divided by comma, semicolon or tab, quoted as in RFC 4180. A row
 * may name an image without its extension. Also `TEST,gs://zoo/1.jpg,lion` of Google's Vertex AI
 * (https://cloud.google.com/vertex-ai/docs/image-data/classification/prepare-data). Cells that a spreadsheet would run
 * get an apostrophe, which is taken off again when they are read.
 */
import { csvRow } from '../archive/csv.ts';
import type { ForeignReader, ForeignWriter, Statement } from './format.ts';
import { isImageName } from './matching.ts';
import { PART_FOLDER, partInName, partOf } from './parts.ts';

const IMAGE_HEADS = [
  'filename',
  'file',
  'imagename',
  'image',
  'imagepath',
  'filepath',
  'path',
  'img',
  'photo',
  'imageid',
  'id',
  'gcsfilepath',
];
const LABEL_HEADS = [
  'label',
  'labels',
  'class',
  'classname',
  'category',
  'species',
  'tag',
  'breed',
  'target',
];
const PART_HEADS = ['split', 'set', 'subset', 'part', 'partition', 'mluse'];

interface Columns {
  readonly image: number;
  readonly label: number;
  /** −1 for none. */
  readonly part: number;
}

export const csvReader: ForeignReader = {
  format: 'csv',
  extensions: ['csv', 'tsv', 'txt'],
  read: ({ name, text }) => {
    const table = parseTable(text);
    const head = table[0];
    if (!head) return null;
    const named = columnsOf(head);
    const columns = named ?? columnsWithoutHead(head);
    if (!columns) return null;
    const whole = partInName(name.split('/').at(-1) ?? '');
    return table.slice(named ? 1 : 0).flatMap((row): Statement[] => {
      const image = cellAt(row, columns.image);
      const label = cellAt(row, columns.label);
      if (image === '') return [];
      const part = columns.part < 0 ? whole : partOf(cellAt(row, columns.part));
      return [{ image, labels: label === '' ? [] : [label], part }];
    });
  },
};

export const csvWriter: ForeignWriter = {
  format: 'csv',
  losses: ['opinions', 'judgement', 'library'],
  unlabelled: true,
  paths: (photos) => photos.map(({ id }) => `images/${id}.png`),
  texts: (photos) => {
    const divided = photos.some(({ part }) => part !== null);
    const rows = photos.map(({ path, label, part }) =>
      csvRow([path, label ?? '', ...(divided ? [part ? PART_FOLDER[part] : ''] : [])]),
    );
    const head = csvRow(['filename', 'label', ...(divided ? ['split'] : [])]);
    return [{ name: 'labels.csv', text: head + rows.join('') }];
  },
};

function columnsOf(head: readonly string[]): Columns | null {
  const words = head.map((cell) => cell.toLowerCase().replace(/[^a-z]/g, ''));
  const first = (names: readonly string[]): number =>
    names.map((name) => words.indexOf(name)).find((at) => at >= 0) ?? -1;
  const [image, label] = [first(IMAGE_HEADS), first(LABEL_HEADS)];
  return image < 0 || label < 0 ? null : { image, label, part: first(PART_HEADS) };
}

/** A table without header begins with an image at once, or with its part, as Vertex AI's do. */
function columnsWithoutHead(row: readonly string[]): Columns | null {
  const image = row.findIndex(isImageName);
  if (image === 0 && row.length > 1 && !isImageName(row[1] ?? ''))
    return { image, label: 1, part: row.length > 2 ? 2 : -1 };
  const ahead = row[0] ?? '';
  const divided = partOf(ahead) !== null || /^(unassigned)?$/i.test(ahead);
  return image === 1 && row.length > 2 && divided ? { image, label: 2, part: 0 } : null;
}

/** What was made harmless for spreadsheets is what it was again. */
function cellAt(row: readonly string[], at: number): string {
  const text = (row[at] ?? '').replace(/^'(?='*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20])/, '');
  return text.trim();
}

function parseTable(text: string): string[][] {
  const plain = text.replace(/^\ufeff/, '');
  const rows = parseRows(plain, delimiterOf(plain));
  return rows.filter((row) => row.some((cell) => cell.trim() !== ''));
}

/** The one that the first line has most of, outside quotes. */
function delimiterOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, '') ?? '';
  const counts = [',', ';', '\t'].map((c) => [line.split(c).length - 1, c] as const);
  return counts.reduce((best, next) => (next[0] > best[0] ? next : best))[1];
}

function parseRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // One cell, quoted or plain, and what ends it.
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"[^${delimiter}\\r\\n]*|([^${delimiter}\\r\\n]*))(${delimiter}|\\r\\n|\\r|\\n|$)`,
    'y',
  );
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) break;
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === delimiter) continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push([...row, '']);
  return rows;
}
