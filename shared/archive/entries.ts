import { checkClashes } from './clashes.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import { safeEntryName } from './names.ts';
import { ArchiveRefused, shown } from './refused.ts';

/** What a zip's central directory says of one entry, as the reader at the edge hands it in. */
export interface ZipEntryInfo {
  readonly name: string;
  /** The name's bytes as stored, from readers that repair names while decoding them. */
  readonly rawNameBytes?: Uint8Array;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly directory: boolean;
  readonly symlink?: boolean;
  readonly encrypted?: boolean;
  /** Compression method: 0 stored, 8 deflated; anything else is refused. */
  readonly method: number;
}

/** An entry whose name and sizes were checked. */
export interface CheckedEntry {
  /** Safe relative path. */
  readonly name: string;
  readonly directory: boolean;
  readonly uncompressedBytes: number;
  /** Place in the list that was handed in. */
  readonly index: number;
}

/** Smaller entries may shrink as well as they like: a page of repeated text is no bomb. */
const RATIO_FREE = 2 ** 20;

/** Bytes that a zip spends on every entry besides its name and data: local and central header. */
const HEADER_BYTES = 30 + 46;

/**
 * Checks a whole central directory before anything is inflated: names, duplicates (also those that only differ in
 * case), links, encryption, and bombs by count, size, ratio and overlap.
 * @param archiveBytes size of the zip itself
 * @throws ArchiveRefused naming the entry
 */
export function checkEntries(
  entries: readonly ZipEntryInfo[],
  archiveBytes: number,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): CheckedEntry[] {
  if (archiveBytes > limits.archiveBytes) {
    const most = `at most ${limits.archiveBytes} are taken`;
    throw new ArchiveRefused('too-large', `The archive has ${archiveBytes} bytes; ${most}.`);
  }
  if (entries.length > limits.entries) {
    const most = `at most ${limits.entries} are taken`;
    throw new ArchiveRefused('too-many', `The archive lists ${entries.length} files; ${most}.`);
  }
  const checked = entries.map((entry, index) => checkEntry(entry, index, limits));
  checkTotals(entries, archiveBytes, limits);
  checkClashes(checked);
  return checked;
}

function checkEntry(entry: ZipEntryInfo, index: number, limits: ArchiveLimits): CheckedEntry {
  const name = safeEntryName(entry.name);
  if (entry.rawNameBytes) checkRawName(entry.rawNameBytes, name);
  const { compressedBytes: packed, uncompressedBytes: size, method } = entry;
  const directory = entry.directory || entry.name.endsWith('/');
  const refuse = (fault: ArchiveRefused['fault'], why: string): never => {
    throw new ArchiveRefused(fault, `${shown(name)} ${why}.`);
  };
  if (entry.symlink === true) refuse('symlink', 'is a link to another file');
  if (entry.encrypted === true) refuse('encrypted', 'is encrypted; unpack the archive yourself first');
  if (method !== 0 && method !== 8) refuse('method', `is packed in an unknown way (method ${method})`);
  if (![packed, size].every((n) => Number.isSafeInteger(n) && n >= 0))
    refuse('corrupt', 'has no possible size');
  if (method === 0 && packed !== size) refuse('corrupt', 'is stored as it is, yet with two different sizes');
  if (directory && size > 0) refuse('corrupt', 'is a folder with bytes of its own');
  if (size > limits.entryBytes) {
    refuse('too-large', `says it has ${size} bytes; at most ${limits.entryBytes} are taken`);
  }
  if (size > RATIO_FREE && size > limits.ratio * packed) {
    refuse('ratio', `unpacks from ${packed} to ${size} bytes: a zip bomb`);
  }
  return { name, directory, uncompressedBytes: size, index };
}

/** Zip readers turn backslashes round, drop `..` or stop at a zero byte: what is stored must be safe itself. */
function checkRawName(bytes: Uint8Array, name: string): void {
  // As Latin-1: what is dangerous is ASCII, and the encoding of all else is not known here.
  let latin = '';
  for (const byte of bytes) latin += String.fromCharCode(byte);
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (!/[\0-\x1f\x7f\\]|^\/|^[a-z]:|(^|\/)\.\.?(\/|$)/i.test(latin)) return;
  throw new ArchiveRefused(
    'name',
    `The archive holds an entry ${shown(name)}: it is stored under another name.`,
  );
}

function checkTotals(entries: readonly ZipEntryInfo[], archiveBytes: number, limits: ArchiveLimits): void {
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedBytes, 0);
  if (total > limits.totalBytes) {
    const most = `at most ${limits.totalBytes} are taken`;
    throw new ArchiveRefused('too-large', `The archive says it unpacks to ${total} bytes; ${most}.`);
  }
  const packed = entries.reduce((sum, entry) => sum + entry.compressedBytes + HEADER_BYTES, 0);
  if (packed > archiveBytes) {
    throw new ArchiveRefused('overlap', 'The archive claims more packed bytes than it has: entries overlap.');
  }
}
