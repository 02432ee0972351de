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

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_NAME = 1000;
const MAX_DEPTH = 8;

/** A name from outside as it may be shown: quoted, shortened, control characters escaped. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}

/**
 * Checks an entry's name and returns it in Unicode form C, without a final slash.
 * @throws ArchiveRefused for everything that could leave the target folder or mislead a person
 */
export function safeEntryName(raw: string): string {
  const name = raw.normalize('NFC').replace(/\/$/, '');
  const refuse = (why: string): never => {
    throw new ArchiveRefused('name', `The archive holds an entry ${shown(raw)}: ${why}.`);
  };
  if (name === '') refuse('an empty name');
  if (name.length > MAX_NAME) refuse('its name is too long');
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) refuse('a control character in its name');
  if (/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(name))
    refuse('an invisible direction mark in its name');
  if (name.includes('\\') || /^[a-z]:/i.test(name) || /^[/~]/.test(name))
    refuse('an absolute or foreign path');
  const parts = name.split('/');
  if (parts.length > MAX_DEPTH) refuse('too many folders inside each other');
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..') refuse('a path that leaves its folder');
    if (RESERVED.test(part) || /[. ]$/.test(part)) refuse('a name that some systems reserve');
    if (FORBIDDEN.has(part)) refuse('a forbidden name');
  }
  return name;
}
