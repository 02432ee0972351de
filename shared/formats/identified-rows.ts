/**
 * Reads what `menagerie identify` wrote, a piece at a time: files of any length, bounded lines, every line checked by
 * itself.
 */
import { identifiedRecord } from '../schema/identified.ts';
import { parseJson } from '../schema/json.ts';
import { labelKey, Score } from '../schema/names.ts';
import * as v from 'valibot';

export type IdentifiedFormat = 'csv' | 'ndjson';

/** What was said of one photo. */
export interface IdentifiedRow {
  readonly file: string;
  /** Its identity in the library; null where the table does not say. */
  readonly photo: string | null;
  /** Best first, ids of the version's classes. */
  readonly top: readonly { readonly label: string; readonly score: number }[];
}

/** A line of the table: what it says, or why it is refused. */
export type IdentifiedLine =
  | { readonly kind: 'row'; readonly line: number; readonly row: IdentifiedRow }
  | { readonly kind: 'refused'; readonly line: number; readonly reason: string };

/** Longest line, in UTF-16 units: full scores of some ten thousand classes. */
const MOST_LINE = 1 << 20;
const TOO_LONG = 'The line is longer than any row of such a table.';
const CSV_HEAD = /^\ufeff?"?file"?,/i;
/** As `csvRow` protects it from spreadsheets. */
const PROTECTED = /^'(?='*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20])/;

export interface IdentifiedReader {
  /** Lines that this piece completes. */
  readonly push: (text: string) => readonly IdentifiedLine[];
  /** The last line, where it has no end of its own. */
  readonly end: () => readonly IdentifiedLine[];
}

/** By its first bytes: a table begins with its head, the other form with a record. */
export function identifiedFormat(start: string): IdentifiedFormat | null {
  if (/^\ufeff?\s*\{/.test(start)) return 'ndjson';
  return CSV_HEAD.test(start) ? 'csv' : null;
}

/** @param classes ids of the version's classes, in the order of its outputs */
export function createIdentifiedReader(
  format: IdentifiedFormat,
  classes: readonly string[],
): IdentifiedReader {
  const known = new Set(classes);
  const split = createSplitter(format === 'csv');
  const read = (text: string, line: number): IdentifiedLine => {
    try {
      const row = format === 'csv' ? readCsv(text) : readNdjson(text, classes.length);
      const foreign = row.top.find(({ label }) => !known.has(label));
      if (foreign) throw new Error(`This version has no class “${foreign.label}”.`);
      return { kind: 'row', line, row };
    } catch (cause) {
      return { kind: 'refused', line, reason: cause instanceof Error ? cause.message : String(cause) };
    }
  };
  let line = 0;
  const lines = (texts: readonly (string | null)[]): IdentifiedLine[] =>
    texts.flatMap((text): IdentifiedLine[] => {
      line += 1;
      if (text === null) return [{ kind: 'refused', line, reason: TOO_LONG }];
      if (text.trim() === '' || (format === 'csv' && line === 1)) return [];
      return [read(text, line)];
    });
  return { push: (text) => lines(split.push(text)), end: () => lines(split.end()) };
}

function readNdjson(text: string, classes: number): IdentifiedRow {
  const { file, photo, top, scores } = identifiedRecord.read(parseJson(text, 'the line'), 'the line');
  if (scores.length !== classes)
    throw new Error(`It has ${String(scores.length)} scores, the version has ${String(classes)} classes.`);
  return { file, photo, top: top.map((guess) => ({ label: guess.class, score: guess.score })) };
}

function readCsv(text: string): IdentifiedRow {
  const [file = '', ...cells] = cellsOf(text);
  const top: { label: string; score: number }[] = [];
  for (let at = 0; at + 1 < cells.length && cells[at] !== ''; at += 2) {
    const score = v.safeParse(Score, cells[at + 1] === '' ? NaN : Number(cells[at + 1]));
    if (!score.success) throw new Error('A score is no number from 0 to 1.');
    top.push({ label: labelKey(cells[at] ?? ''), score: score.output });
  }
  if (file === '' || top.length === 0) throw new Error('The line does not name a file and its guesses.');
  if (top.some(({ score }, i) => score > (top[i - 1]?.score ?? 1)))
    throw new Error('Its guesses do not stand in their order.');
  return { file, photo: null, top };
}

/** The cells of one row (RFC 4180). */
function cellsOf(text: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  while (cell.lastIndex <= text.length) {
    const found = cell.exec(text);
    if (!found) throw new Error('Its quotes do not match.');
    cells.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').replace(PROTECTED, ''));
    if (found[3] === '') break;
  }
  return cells;
}

interface Splitter {
  /** Whole lines without their ends; null for one that is too long. */
  readonly push: (text: string) => readonly (string | null)[];
  readonly end: () => readonly (string | null)[];
}

/** @param quoted line ends between quotes belong to a cell */
function createSplitter(quoted: boolean): Splitter {
  let rest = '';
  let [inside, tooLong] = [false, false];
  const take = (piece: string): void => {
    if (rest.length + piece.length > MOST_LINE) [rest, tooLong] = ['', true];
    else rest += piece;
  };
  const line = (): string | null => {
    const whole = tooLong ? null : rest.replace(/\r$/, '');
    [rest, tooLong] = ['', false];
    return whole;
  };
  return {
    push: (text) => {
      const lines: (string | null)[] = [];
      for (let from = 0; ;) {
        const end = text.indexOf('\n', from);
        const piece = end === -1 ? text.slice(from) : text.slice(from, end);
        if (quoted) for (const c of piece) if (c === '"') inside = !inside;
        take(piece);
        if (end === -1) return lines;
        if (inside) take('\n');
        else lines.push(line());
        from = end + 1;
      }
    },
    end: () => (rest === '' && !tooLong ? [] : [line()]),
  };
}
