import type { PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Photo } from '#shared/schema/photo.ts';

/** The identity of the test photo `n`. */
export const plainId = (n: number): PhotoId => n.toString(16).padStart(64, '0') as PhotoId;

/** A photo of which a test says only what it is about. */
export function plainPhoto(n: number, about: Partial<Parameters<typeof freshPhoto>[0]> = {}): Photo {
  return freshPhoto({
    id: plainId(n),
    fileName: `${String(n)}.jpg`,
    bytes: 1000,
    width: 400,
    height: 300,
    source: 'file',
    addedAt: '2026-05-01T10:00:00.000Z',
    addedBy: 'Ada',
    origin: 'real',
    label: null,
    canonicalSize: 299,
    pixels: '0'.repeat(64),
    hash: '0'.repeat(16),
    ...about,
  });
}
