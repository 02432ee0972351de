/** Reads lists of labels that lie beside pictures. Runs in a worker: they may be large. */
import { MOST_TEXT_BYTES, readForeign, type Reading, type Recognised } from '#shared/formats/foreign.ts';
import type { SourceText } from '#shared/formats/format.ts';
import type { FormatProblem, ImageLabel } from '#shared/formats/matching.ts';
import { classOfSamples } from '#shared/formats/teachable-machine.ts';

/** A file that may be a list of labels. */
export interface TextFile {
  /** Path with `/`. */
  readonly name: string;
  readonly bytes: number;
  readonly read: () => Promise<Uint8Array<ArrayBuffer> | ArrayBuffer>;
}

/** A file that a person brought, and where it lay. */
export interface LooseList {
  readonly path: string;
  readonly file: File;
}

export function textFile({ path, file }: LooseList): TextFile {
  return { name: path, bytes: file.size, read: () => file.arrayBuffer() };
}

/**
 * @param images paths of the pictures
 * @param archive name of the zip that all of it is in; '' for none
 */
export async function readAnnotations(
  files: readonly TextFile[],
  images: readonly string[],
  archive: string,
): Promise<Reading> {
  const texts: SourceText[] = [];
  const problems: FormatProblem[] = [];
  let left = MOST_TEXT_BYTES;
  for (const { name, bytes, read } of files) {
    left -= bytes;
    try {
      if (left < 0) throw new Error('There is more text here than a list of labels can be.');
      texts.push({ name, text: decodeText(await read()) });
    } catch (cause) {
      problems.push({ file: name, reason: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  const reading = readForeign(texts, images);
  const sampled = reading.recognised.length === 0 ? samplesOf(archive, images) : null;
  return {
    unfiled: reading.unfiled,
    labels: sampled?.labels ?? reading.labels,
    recognised: sampled ? [sampled.recognised] : reading.recognised,
    problems: [...problems, ...reading.problems],
  };
}

/** A zip of one class of Teachable Machine has no list: its name is the label. */
function samplesOf(
  archive: string,
  images: readonly string[],
): { readonly labels: ReadonlyMap<string, ImageLabel>; readonly recognised: Recognised } | null {
  const name = images.length > 0 ? classOfSamples(archive, images) : null;
  if (name === null) return null;
  const labels = new Map(images.map((path) => [path, { name, part: null }]));
  const recognised = {
    file: archive,
    format: 'teachable-machine',
    labels: labels.size,
    problems: [],
  } as const;
  return { labels, recognised };
}

/** Spreadsheets save UTF-16 as "Unicode text", and the code page of the country where nobody asked. */
function decodeText(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer): string {
  const [a, b] = new Uint8Array(bytes instanceof ArrayBuffer ? bytes : bytes.slice(0, 2));
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
