import { ArchiveRefused, INVISIBLE, shown } from './refused.ts';
import { utf8Length } from './utf8.ts';

/** Devices of Windows, with or without an extension: a file of that name cannot be made there. */
export const RESERVED_NAME = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/iu;

/** Keys that reach a prototype where a name is used as one. */
export const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Bytes as UTF-8: what archives and file systems allow. */
const MOST_BYTES = { path: 1024, part: 255 };
const MAX_DEPTH = 8;

/**
 * Checks an entry's name and returns it as a relative path that is safe on every system: parts divided by `/`, in
 * Unicode form C, without a final slash. Refuses rather than repairs, because two repaired names could become one.
 * @throws ArchiveRefused for everything that could leave the target folder or mislead a person
 */
export function safeEntryName(raw: string): string {
  const name = raw.normalize('NFC').replace(/\/$/, '');
  const fault = pathFault(name);
  if (fault === null) return name;
  throw new ArchiveRefused('name', `The archive holds an entry ${shown(raw)}: ${fault}.`);
}

/**
 * One key for all spellings of a path that a file system may take for the same: case and Unicode form folded, the
 * special lower cases ("ß", "ς", "ﬁ") included.
 */
export function foldPath(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

function pathFault(name: string): string | null {
  if (name === '') return 'an empty name';
  if (INVISIBLE.test(name)) return 'an invisible control character in its name';
  if (name.includes('\\') || /^([a-z]:|\/|~)/i.test(name)) return 'an absolute or foreign path';
  if (utf8Length(name) > MOST_BYTES.path) return 'its name is too long';
  const parts = name.split('/');
  if (parts.length > MAX_DEPTH) return 'too many folders inside each other';
  for (const part of parts) {
    const fault = partFault(part);
    if (fault !== null) return fault;
  }
  return null;
}

function partFault(part: string): string | null {
  if (part === '' || part === '.' || part === '..') return 'a path that leaves its folder';
  if (utf8Length(part) > MOST_BYTES.part) return 'its name is too long';
  if (RESERVED_NAME.test(part) || /[. ]$/.test(part) || /[<>:"|?*]/.test(part)) {
    return 'a name that some systems reserve or cannot store';
  }
  return PROTOTYPE_KEYS.has(part) ? 'a forbidden name' : null;
}
