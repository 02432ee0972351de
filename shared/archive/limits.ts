import { ArchiveRefused, shown } from './refused.ts';

/** How much an archive may hold. */
export interface ArchiveLimits {
  /** Size of the archive itself. */
  readonly archiveBytes: number;
  readonly entries: number;
  /** Uncompressed, one entry and all together. */
  readonly entryBytes: number;
  readonly totalBytes: number;
  /** Uncompressed : compressed, looked at above 1 MB. */
  readonly ratio: number;
}

/** No zip64: at 65 535 entries jszip loses files without a word. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  archiveBytes: 4 * 2 ** 30,
  entries: 65_534,
  entryBytes: 64 * 2 ** 20,
  totalBytes: 16 * 2 ** 30,
  ratio: 200,
};

/** Counts what really comes out of an entry, so that a lying header gains nothing. */
export interface InflateGuard {
  /** @throws ArchiveRefused as soon as more than the declared bytes have come out: stop the inflater then */
  readonly push: (bytes: number) => void;
  /** @throws ArchiveRefused when less than the declared bytes came out */
  readonly end: () => void;
}

/** Guards the inflating of one checked entry. */
export function createInflateGuard(
  entry: { readonly name: string; readonly uncompressedBytes: number },
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): InflateGuard {
  const declared = entry.uncompressedBytes;
  const most = Math.min(declared, limits.entryBytes);
  let seen = 0;
  const refuse = (): never => {
    const why = `it does not unpack to the ${declared} bytes it declares`;
    throw new ArchiveRefused('corrupt', `${shown(entry.name)} is damaged: ${why}.`);
  };
  return {
    push: (bytes) => {
      seen += bytes;
      if (seen > most) refuse();
    },
    end: () => {
      if (seen !== declared) refuse();
    },
  };
}
