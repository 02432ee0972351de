import type { LabelId } from '../schema/names.ts';

/** Folder of the pictures inside an export. */
export const LIBRARY_FOLDER = 'Image_Library';
/** Stands in for a sub-class where a photo has no label. No sub-class gets a folder that begins with `_`. */
export const UNLABELLED_FOLDER = '_unlabelled';
export const PHOTOS_FILE = 'photos.ndjson';
export const LIBRARY_FILE = 'library.json';

const LONGEST = 60;

/**
 * A folder for a sub-class: readable for ordinary names, safe on every system, different for different ids also
 * where case does not count. Whatever had to be altered gets a mark of the whole id behind `~`.
 */
export function folderName(id: LabelId): string {
  const plain = id
    .replace(/[^\p{L}\p{M}\p{N}\p{Extended_Pictographic} ()',+&._-]/gu, '-')
    .replace(/^[\s._-]+|[\s._-]+$/gu, '')
    .slice(0, LONGEST)
    .trimEnd();
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain);
  if (plain === id && !reserved && plain.toLowerCase().normalize('NFC') === plain) return plain;
  return `${plain.toLowerCase().replace(/[\ud800-\udbff]$/, '')}~${fingerprint(id)}`;
}

/** `Image_Library/red panda/<photo id>.png` */
export function photoPath(folder: string, photoId: string): string {
  return `${LIBRARY_FOLDER}/${folder}/${photoId}.png`;
}

/** `<name>-001-of-003.zip` */
export function shardName(name: string, index: number, of: number): string {
  return `${fileName(name)}-${pad(index)}-of-${pad(of)}.zip`;
}

/** A name from a person as a file name: letters, digits, spaces and dashes only. */
export function fileName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N} _-]+/gu, '-')
    .replace(/^[\s_-]+|[\s_-]+$/gu, '')
    .slice(0, LONGEST);
  return plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain) ? 'library' : plain;
}

function pad(n: number): string {
  return String(n).padStart(3, '0');
}

/** FNV-1a over UTF-16 units in two runs: 64 bits as 16 hex digits. Not for secrets. */
function fingerprint(text: string): string {
  return [0x811c9dc5, 0x01000193]
    .map((seed) => {
      let hash = seed;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      return (hash >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}
