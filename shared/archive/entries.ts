import { ArchiveRefused, safeEntryName, shown } from './names.ts';

/** What a zip's central directory says of one entry. */
export interface ZipEntryInfo {
  readonly name: string;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly encrypted: boolean;
  readonly symlink: boolean;
}

/** How much an archive may hold. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Uncompressed, one entry and all together. */
  readonly entryBytes: number;
  readonly totalBytes: number;
  /** Uncompressed : compressed, looked at above 1 MB. */
  readonly ratio: number;
}

/** No zip64: at 65 535 entries jszip loses files without a word. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 65_534,
  entryBytes: 64 * 2 ** 20,
  totalBytes: 16 * 2 ** 30,
  ratio: 200,
};

/** An entry whose name and sizes were checked. */
export interface CheckedEntry {
  /** Safe relative path. */
  readonly name: string;
  /** Place in the list that was handed in. */
  readonly index: number;
  readonly bytes: number;
}

/**
 * Checks a whole central directory before anything is inflated: names, duplicates (also those that only differ in
 * case), links, encryption, and bombs by count, size, ratio and overlap. Folders are dropped.
 * @param archiveBytes size of the zip itself
 * @throws ArchiveRefused naming the entry
 */
export function checkEntries(
  entries: readonly ZipEntryInfo[],
  archiveBytes: number,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): CheckedEntry[] {
  if (entries.length > limits.entries) {
    throw new ArchiveRefused(
      'too-many',
      `The archive lists ${entries.length} files; at most ${limits.entries} are taken.`,
    );
  }
  const seen = new Map<string, string>();
  const checked: CheckedEntry[] = [];
  let total = 0;
  let compressed = 0;
  entries.forEach((entry, index) => {
    const name = safeEntryName(entry.name);
    checkOnce(name, seen);
    checkEntry(entry, name, limits);
    total += entry.uncompressedBytes;
    compressed += entry.compressedBytes;
    if (!entry.name.endsWith('/')) checked.push({ name, index, bytes: entry.uncompressedBytes });
  });
  if (total > limits.totalBytes) {
    throw new ArchiveRefused(
      'too-large',
      `The archive says it unpacks to ${total} bytes; at most ${limits.totalBytes} are taken.`,
    );
  }
  if (compressed > archiveBytes) {
    throw new ArchiveRefused('overlap', 'The archive claims more packed bytes than it has: entries overlap.');
  }
  return checked;
}

function checkOnce(name: string, seen: Map<string, string>): void {
  const folded = name.toLowerCase();
  const before = seen.get(folded);
  if (before !== undefined) {
    throw new ArchiveRefused(
      'duplicate',
      `The archive holds ${shown(before)} and ${shown(name)}: one file on some systems.`,
    );
  }
  seen.set(folded, name);
}

function checkEntry(entry: ZipEntryInfo, name: string, limits: ArchiveLimits): void {
  const { compressedBytes, uncompressedBytes } = entry;
  if (entry.symlink) throw new ArchiveRefused('symlink', `The archive holds a link: ${shown(name)}.`);
  if (entry.encrypted)
    throw new ArchiveRefused('encrypted', `${shown(name)} is encrypted; unpack the archive yourself first.`);
  if (
    !Number.isSafeInteger(uncompressedBytes) ||
    uncompressedBytes < 0 ||
    uncompressedBytes > limits.entryBytes
  ) {
    throw new ArchiveRefused(
      'too-large',
      `${shown(name)} says it has ${uncompressedBytes} bytes; at most ${limits.entryBytes} are taken.`,
    );
  }
  if (uncompressedBytes > 2 ** 20 && uncompressedBytes > limits.ratio * Math.max(1, compressedBytes)) {
    throw new ArchiveRefused(
      'ratio',
      `${shown(name)} unpacks to ${Math.round(uncompressedBytes / Math.max(1, compressedBytes))} times its size: a zip bomb.`,
    );
  }
}

/** Counts what really comes out of an entry, so that a lying header gains nothing. */
export interface InflateGuard {
  /** @throws ArchiveRefused as soon as more than the declared bytes have come out */
  readonly push: (bytes: number) => void;
  /** @throws ArchiveRefused when less than the declared bytes came out */
  readonly end: () => void;
}

/** Guards the inflating of one checked entry. */
export function createInflateGuard(entry: Pick<CheckedEntry, 'name' | 'bytes'>): InflateGuard {
  let seen = 0;
  const refuse = (): never => {
    throw new ArchiveRefused(
      'corrupt',
      `${shown(entry.name)} is damaged: it does not unpack to the ${entry.bytes} bytes it declares.`,
    );
  };
  return {
    push: (bytes) => {
      seen += bytes;
      if (seen > entry.bytes) refuse();
    },
    end: () => {
      if (seen !== entry.bytes) refuse();
    },
  };
}
