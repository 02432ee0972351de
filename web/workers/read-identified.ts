/** Reads results of the trainer's bulk identification, a piece of the file at a time. Runs in a worker: it may be large. */
import {
  createIdentifiedReader,
  identifiedFormat,
  type IdentifiedLine,
  type IdentifiedFormat,
} from '#shared/formats/identified-rows.ts';

/** What a table holds, before any of it is believed. */
export interface IdentifiedOverview {
  readonly format: IdentifiedFormat;
  readonly rows: number;
  /** Names of files, without their folders, that stand there more than once. */
  readonly twice: readonly string[];
}

/** Lines that are handed over together. */
const PAGE = 500;
const LINE_END = 0x0a;

/**
 * Reads the table once through, to count.
 * @throws Error in words where it is none
 */
export async function inspectIdentified(file: Blob, classes: readonly string[]): Promise<IdentifiedOverview> {
  const format = await formatOf(file);
  if (format === 'ndjson') return { format, rows: await countLines(file), twice: [] };
  let rows = 0;
  const [once, twice] = [new Set<string>(), new Set<string>()];
  for await (const line of linesOf(file, format, classes)) {
    rows += 1;
    if (line.kind !== 'row') continue;
    const name = baseName(line.row.file);
    if (once.has(name)) twice.add(name);
    once.add(name);
  }
  return { format, rows, twice: [...twice] };
}

/** Empty lines count, too: it is a forecast. */
async function countLines(file: Blob): Promise<number> {
  const pieces = file.stream().getReader();
  let [lines, last] = [0, LINE_END];
  for (;;) {
    const { done, value } = await pieces.read();
    if (done) return last === LINE_END ? lines : lines + 1;
    for (const byte of value) if (byte === LINE_END) lines += 1;
    last = value.at(-1) ?? last;
  }
}

/** Hands the lines over, some hundred at a time; the next are read when the sink resolves. */
export async function readIdentified(
  file: Blob,
  classes: readonly string[],
  sink: (lines: readonly IdentifiedLine[]) => Promise<void>,
): Promise<void> {
  let page: IdentifiedLine[] = [];
  for await (const line of linesOf(file, await formatOf(file), classes)) {
    page.push(line);
    if (page.length < PAGE) continue;
    await sink(page);
    page = [];
  }
  if (page.length > 0) await sink(page);
}

/** Name of a file without its folders. */
export function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

async function formatOf(file: Blob): Promise<IdentifiedFormat> {
  const format = identifiedFormat(await file.slice(0, 64).text());
  if (format) return format;
  throw new Error('This is no list of results: “menagerie identify” writes them as .ndjson or .csv.');
}

async function* linesOf(
  file: Blob,
  format: IdentifiedFormat,
  classes: readonly string[],
): AsyncGenerator<IdentifiedLine> {
  const reader = createIdentifiedReader(format, classes);
  const pieces = file.stream().getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await pieces.read();
    if (done) break;
    yield* reader.push(decoder.decode(value, { stream: true }));
  }
  yield* reader.push(decoder.decode());
  yield* reader.end();
}
