import { FAULTS, ORIGINS, photoRecord, SOURCES, type Photo } from '#shared/schema/photo.ts';

const FAULT_SET = new Set<unknown>(FAULTS);
const ORIGIN_SET = new Set<unknown>(ORIGINS);
const SOURCE_SET = new Set<unknown>(SOURCES);

type Loose = Readonly<Record<keyof Photo, unknown>>;

/**
 * Whether a stored record of the current version has every field in its kind. A twentieth of the price of the schema, which
 * each record passed before this app stored it; whatever is not plain here goes through the schema again.
 */
export function looksWhole(record: Photo): boolean {
  const photo: Loose = record;
  return (
    photo.v === photoRecord.version &&
    hasTexts(photo) &&
    isSize(photo.width) &&
    isSize(photo.height) &&
    isSize(photo.canonicalSize) &&
    (photo.bytes === 0 || isSize(photo.bytes)) &&
    typeof photo.excluded === 'boolean' &&
    ORIGIN_SET.has(photo.origin) &&
    SOURCE_SET.has(photo.source) &&
    listOf(photo.faults, (fault) => FAULT_SET.has(fault)) &&
    listOf(photo.opinions, isOpinion) &&
    listOf(photo.stamps, isSigned) &&
    (photo.label === null || isLabel(photo.label, isSigned)) &&
    isEdits(photo.edits) &&
    (photo.taken === null || typeof photo.taken === 'string') &&
    (photo.quality === null || typeof photo.quality === 'object')
  );
}

function hasTexts({ id, fileName, addedAt, addedBy, pixels, hash }: Loose): boolean {
  return (
    typeof id === 'string' &&
    id.length === 64 &&
    typeof fileName === 'string' &&
    typeof addedAt === 'string' &&
    typeof addedBy === 'string' &&
    typeof pixels === 'string' &&
    typeof hash === 'string'
  );
}

function isSize(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && Number.isInteger(value);
}

function listOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isSigned(value: unknown): boolean {
  return isObject(value) && typeof value.by === 'string' && typeof value.at === 'string';
}

function isLabel(value: unknown, more: (value: unknown) => boolean): boolean {
  if (!isObject(value) || typeof value.id !== 'string' || value.id === '') return false;
  return (value.kind === 'sub-class' || value.kind === 'unknown') && more(value);
}

function isOpinion(value: unknown): boolean {
  return isObject(value) && isSigned(value) && (value.label === null || isLabel(value.label, isObject));
}

function isEdits(value: unknown): boolean {
  return isObject(value) && typeof value.turn === 'number' && (value.crop === null || isObject(value.crop));
}
