/** Why an archive, or an entry of it, was refused. */
export type ArchiveFault =
  | 'not-a-zip'
  | 'name'
  | 'duplicate'
  | 'too-many'
  | 'too-large'
  | 'ratio'
  | 'symlink'
  | 'encrypted'
  | 'method'
  | 'overlap'
  | 'corrupt';

/** An archive is damaged or hostile. The message names the entry; nothing of the archive was used. */
export class ArchiveRefused extends Error {
  override readonly name = 'ArchiveRefused';
  readonly fault: ArchiveFault;
  constructor(fault: ArchiveFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Controls, and what makes a name look different from what it is: direction marks, line separators, BOM. */
export const INVISIBLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/** A name from outside as it may be shown: quoted, shortened, everything invisible escaped. */
export function shown(name: string): string {
  const short = name.length > 80 ? `${name.slice(0, 79)}…` : name;
  const escape = (c: string): string => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`;
  return `"${short.replace(/["\\]/g, '\\$&').replace(new RegExp(INVISIBLE, 'gu'), escape)}"`;
}
