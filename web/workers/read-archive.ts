/** Reads what other Menageries wrote, and zips of photos that people made by hand. Runs in a worker. */
import { canonicalise } from '#shared/image/canonical.ts';
import { editedShape } from '#shared/image/edits.ts';
import { perceptualHash } from '#shared/image/phash.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import type { CheckedEntry } from '#shared/archive/entries.ts';
import {
  DECISIONS_FILE,
  isSystemLitter,
  LIBRARY_FILE,
  parsePhotoPath,
  PHOTOS_FILE,
} from '#shared/archive/layout.ts';
import { ArchiveRefused } from '#shared/archive/refused.ts';
import { filedBy } from '#shared/formats/image-folder.ts';
import { isAnnotationName } from '#shared/formats/format.ts';
import type { Reading } from '#shared/formats/foreign.ts';
import { decisionRecord, type Decision } from '#shared/schema/decision.ts';
import { parseJson, parseNdjson } from '#shared/schema/json.ts';
import { readLibrary, type LibraryFile } from '#shared/schema/library.ts';
import { photoRecord, type Photo } from '#shared/schema/photo.ts';
import { decodeExact, encodePng } from '../platform/decode.ts';
import { sha256 } from '../platform/hash.ts';
import { makeThumb, pixelHash, preparePhoto, type Prepared } from './prepare.ts';
import { readAnnotations, textFile, type LooseList, type TextFile } from './read-annotations.ts';
import { openZip, type OpenZip } from './zip.ts';

export type ArchiveOverview =
  | {
      readonly kind: 'export';
      readonly library: LibraryFile;
      /** On look-alikes; they come with the first shard. */
      readonly decisions: readonly Decision[];
    }
  | { readonly kind: 'plain'; readonly pictures: number };

/** One thing found in an archive. */
export type Found =
  /** A photo of an export, verified. */
  | {
      readonly kind: 'exported';
      readonly photo: Photo;
      readonly image: ArrayBuffer;
      readonly thumb: ArrayBuffer;
    }
  /** A picture of a plain zip. */
  | {
      readonly kind: 'picture';
      readonly fileName: string;
      readonly folder: string | null;
      /** Its label as a list of labels has it. */
      readonly said: string | null;
      readonly prepared: Prepared;
      /** The file as it came, where originals are kept. */
      readonly original: ArrayBuffer | null;
    }
  /** Lists of labels that lay beside the pictures. */
  | ({ readonly kind: 'lists' } & Pick<Reading, 'recognised' | 'problems'>)
  | { readonly kind: 'problem'; readonly file: string; readonly reason: string };

/** Takes one find at a time; the next is read when it resolves. */
export type Sink = (found: Found) => Promise<void>;

/**
 * Says what a zip is, from its directory and its `library.json`.
 * @throws ArchiveRefused, RecordError (a newer version among them), JsonError
 */
export async function inspectArchive(archive: Blob): Promise<ArchiveOverview> {
  const zip = await openZip(archive);
  const entry = find(zip, LIBRARY_FILE);
  if (!entry) return { kind: 'plain', pictures: pictures(zip).length };
  return {
    kind: 'export',
    library: readLibrary(parseJson(await readText(zip, entry), LIBRARY_FILE), LIBRARY_FILE),
    decisions: await readDecisions(zip),
  };
}

/**
 * Reads the photos of an export shard. A damaged photo becomes a problem, the others are kept.
 * @param size edge of this library's canonical images; photos of another size are brought to it
 * @throws ArchiveRefused when the shard's list of photos is damaged
 */
export async function readExport(archive: Blob, size: number, sink: Sink): Promise<void> {
  const zip = await openZip(archive);
  const images = new Map(zip.entries.map((entry) => [parsePhotoPath(entry.name)?.photo, entry]));
  const records = await readRecords(zip);
  for (const [i, value] of records.entries()) {
    const where = `${PHOTOS_FILE} line ${String(i + 1)}`;
    let file = where;
    try {
      const photo = photoRecord.read(value, where);
      file = photo.fileName;
      await sink(await readExported(zip, images.get(photo.id), photo, size));
    } catch (cause) {
      await sink({ kind: 'problem', file, reason: reasonOf(cause) });
    }
  }
}

/** What is made of the pictures of a zip. */
export interface PlainWish {
  readonly size: number;
  readonly keepOriginals: boolean;
  /** Lists of labels that lay beside the zip. */
  readonly lists?: readonly LooseList[];
}

/**
 * Reads the pictures of a zip made by hand or by another program, with the labels that lists in it give them; what is
 * neither becomes a problem.
 * @param name of the zip: some programs name it after the class
 */
export async function readPlain(
  archive: Blob,
  { size, keepOriginals, lists: loose = [] }: PlainWish,
  sink: Sink,
  name = '',
): Promise<void> {
  const zip = await openZip(archive);
  const entries = pictures(zip);
  const paths = entries.map((entry) => entry.name);
  const filed = filedBy(paths);
  const texts: TextFile[] = zip.entries.filter(isText).map((entry) => ({
    name: entry.name,
    bytes: entry.uncompressedBytes,
    read: () => zip.read(entry),
  }));
  texts.push(...loose.map(textFile));
  const { labels, unfiled, ...lists } = await readAnnotations(texts, paths, name);
  if (texts.length > 0 || lists.recognised.length > 0) await sink({ kind: 'lists', ...lists });
  for (const [i, entry] of entries.entries()) {
    let found: Found;
    try {
      const bytes = await zip.read(entry);
      const prepared = await preparePhoto(bytes, size);
      const fileName = entry.name.split('/').at(-1) ?? entry.name;
      const original = keepOriginals ? bytes.slice().buffer : null;
      const said = labels.get(entry.name)?.name ?? null;
      const folder = unfiled.has(entry.name) ? null : (filed[i]?.label ?? null);
      found = { kind: 'picture', fileName, folder, said, prepared, original };
    } catch (cause) {
      found = { kind: 'problem', file: entry.name, reason: reasonOf(cause) };
    }
    await sink(found);
  }
}

async function readDecisions(zip: OpenZip): Promise<Decision[]> {
  const entry = find(zip, DECISIONS_FILE);
  if (!entry) return [];
  return parseNdjson(await readText(zip, entry), DECISIONS_FILE).map((value, i) =>
    decisionRecord.read(value, `${DECISIONS_FILE} line ${String(i + 1)}`),
  );
}

async function readRecords(zip: OpenZip): Promise<unknown[]> {
  const [library, photos] = [find(zip, LIBRARY_FILE), find(zip, PHOTOS_FILE)];
  if (!library || !photos) throw new ArchiveRefused('corrupt', `${PHOTOS_FILE} is missing in the archive.`);
  const { shard } = readLibrary(parseJson(await readText(zip, library), LIBRARY_FILE), LIBRARY_FILE);
  const bytes = await zip.read(photos);
  const records = parseNdjson(new TextDecoder().decode(bytes), PHOTOS_FILE);
  if ((await sha256(bytes)) !== shard.photosSha256 || records.length !== shard.photos) {
    throw new ArchiveRefused('corrupt', `${PHOTOS_FILE} is damaged: it is not the list that was exported.`);
  }
  return records;
}

async function readExported(
  zip: OpenZip,
  entry: CheckedEntry | undefined,
  photo: Photo,
  size: number,
): Promise<Found> {
  if (!entry) throw new ArchiveRefused('corrupt', 'Its picture is missing in the archive.');
  const bytes = await zip.read(entry);
  const pixels = await decodeExact(bytes);
  if (pixels.width !== pixels.height || (await pixelHash(pixels)) !== photo.pixels) {
    throw new ArchiveRefused(
      'corrupt',
      'Its picture is damaged: the pixels are not those that were exported.',
    );
  }
  const thumb = await makeThumb(pixels, editedShape(photo));
  if (photo.canonicalSize === size) return { kind: 'exported', photo, image: bytes.buffer, thumb };
  return { kind: 'exported', ...(await resized(photo, pixels, size)), thumb };
}

async function resized(
  photo: Photo,
  pixels: Pixels,
  size: number,
): Promise<{ photo: Photo; image: ArrayBuffer }> {
  const canonical = canonicalise(pixels, size);
  const [digest, image] = await Promise.all([pixelHash(canonical), encodePng(canonical)]);
  const hash = perceptualHash(canonical);
  return { photo: { ...photo, canonicalSize: size, pixels: digest, hash }, image };
}

function pictures(zip: OpenZip): CheckedEntry[] {
  return zip.entries.filter((entry) => !isSystemLitter(entry.name) && !isText(entry));
}

function isText({ name }: CheckedEntry): boolean {
  return isAnnotationName(name) && !isSystemLitter(name);
}

function find(zip: OpenZip, name: string): CheckedEntry | undefined {
  return zip.entries.find((entry) => entry.name === name);
}

async function readText(zip: OpenZip, entry: CheckedEntry): Promise<string> {
  return new TextDecoder().decode(await zip.read(entry));
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
