/** When a keeper should be reminded that the library exists on this device only. */
import type { Photo } from '#shared/schema/photo.ts';
import type { LibraryState, UnfinishedExport } from '../../state/contract.ts';

/** Fewer photos are soon added again. */
const WORTH_A_COPY = 50;
const DAY_MS = 86_400_000;
/** An export is old after this long, and a reminder that was put off comes back. */
const OLD_DAYS = 7;

export type Reminder =
  | { readonly kind: 'none' }
  | { readonly kind: 'unfinished'; readonly cut: UnfinishedExport }
  | { readonly kind: 'never' }
  | { readonly kind: 'old'; readonly lastAt: string };

type Known = Pick<
  LibraryState,
  'photos' | 'lastExportAt' | 'unfinishedExport' | 'remindExportAt' | 'exportJob'
>;

/** @param now in milliseconds since 1970 */
export function reminderOf(library: Known, now: number): Reminder {
  const { photos, lastExportAt, unfinishedExport, remindExportAt } = library;
  if (library.exportJob.kind === 'running') return { kind: 'none' };
  if (remindExportAt !== null && now < Date.parse(remindExportAt)) return { kind: 'none' };
  if (unfinishedExport) return { kind: 'unfinished', cut: unfinishedExport };
  if (lastExportAt === null) return { kind: ownPhotos(photos) ? 'never' : 'none' };
  const old = now - Date.parse(lastExportAt) > OLD_DAYS * DAY_MS;
  return old && photos.some((photo) => changedAfter(photo, lastExportAt))
    ? { kind: 'old', lastAt: lastExportAt }
    : { kind: 'none' };
}

/** Until when a reminder is put off. */
export function later(now: number): string {
  return new Date(now + OLD_DAYS * DAY_MS).toISOString();
}

/** The sample library can be had again at any time. */
function ownPhotos(photos: readonly Photo[]): boolean {
  let own = 0;
  for (const { source } of photos) if (source !== 'sample' && ++own >= WORTH_A_COPY) return true;
  return false;
}

/** All times are of one form, so their text is in order. */
function changedAfter({ addedAt, opinions, stamps }: Photo, time: string): boolean {
  return addedAt > time || opinions.some(({ at }) => at > time) || stamps.some(({ at }) => at > time);
}
