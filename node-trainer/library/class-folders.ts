import { CANONICAL_SIZE } from '#shared/image/canonical.ts';
import { labelKey, type LabelId, MAX_NAME } from '#shared/schema/names.ts';
import type { SubClass } from '#shared/schema/label.ts';
import type { Label, Origin } from '#shared/schema/photo.ts';

import { sha256 } from '../io/hash.ts';
import { examine, newPhoto } from './examine.ts';
import type { Library, LibraryItem } from './library.ts';
import type { PhotoFile, PhotoSource } from './photo-source.ts';

/** Bytes of a canonical image of a photo: between a flat drawing and noise. */
const TYPICAL_PNG = 150_000;

/** How photos without records come in. */
export interface Defaults {
  readonly origin: Origin;
  /** Edge of the canonical images. */
  readonly canonicalSize: number;
  /** When they came in. */
  readonly at: string;
}

/** A plain folder or zip of class folders, read as if it were a library with nothing but labels. */
export function classFolderLibrary(source: PhotoSource): Library {
  const defaults: Defaults = { origin: 'real', canonicalSize: CANONICAL_SIZE, at: new Date().toISOString() };
  const fingerprint = fingerprintOf(source.files);
  return {
    file: {
      v: 2,
      name: source.name,
      exportId: uuidFrom(fingerprint),
      exportedAt: defaults.at,
      canonicalSize: defaults.canonicalSize,
      subClasses: subClassesOf(source.files, defaults.at),
      unknownLabels: [],
      mergeRules: [],
      confused: { v: 1, pairs: [] },
      benchmarks: [],
      guidance: null,
      plan: null,
    },
    fingerprint,
    items: source.files.map((file) => itemOf(file, source, defaults)),
    problems: [],
    close: source.close,
  };
}

/** Each class folder as a sub-class, in the order of their names. */
export function subClassesOf(files: readonly PhotoFile[], createdAt: string): SubClass[] {
  const byId = new Map<string, SubClass>();
  for (const { folder } of files) {
    if (folder === null) continue;
    const id = folderId(folder);
    const name = folder.slice(0, MAX_NAME);
    if (!byId.has(id)) byId.set(id, { v: 2, id, name, createdAt, createdBy: '', flop: true });
  }
  return [...byId.values()];
}

/** The label that a class folder gives; null where the file lies in none. */
export function labelOf(folder: string | null, at: string): Label | null {
  return folder === null ? null : { kind: 'sub-class', id: folderId(folder), by: '', at };
}

/** A folder's name as identity of a sub-class. */
function folderId(folder: string): LabelId {
  return labelKey(folder.slice(0, MAX_NAME));
}

/** An identity made of a hash, in the form of a UUID (version 8, RFC 9562). */
export function uuidFrom(hash: string): string {
  const variant = '89ab'[parseInt(hash[16] ?? '0', 16) % 4] ?? '8';
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-');
}

/** SHA-256 over the paths and sizes of the files. */
export function fingerprintOf(files: readonly PhotoFile[]): string {
  return sha256(new TextEncoder().encode(JSON.stringify(files.map((f) => [f.path, f.bytes]))));
}

function itemOf(file: PhotoFile, source: PhotoSource, { origin, canonicalSize, at }: Defaults): LibraryItem {
  const load: LibraryItem['load'] = async () => {
    const { facts, png } = await examine(await file.read(), canonicalSize);
    const label = labelOf(file.folder, at);
    return {
      photo: newPhoto(facts, { fileName: file.path, source: source.kind, label, origin, addedAt: at }),
      png,
    };
  };
  return { where: `${source.name}/${file.path}`, photo: null, bytes: TYPICAL_PNG, load };
}
