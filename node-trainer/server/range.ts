/** Bytes of a file, the last one included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** More digits than any file's size has are no number that could be trusted. */
const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The single range of bytes that is asked for (RFC 9110, section 14). Several ranges, other units and what can't be read
 * are answered with the whole file, as the standard allows; so is a range of a file that has changed since (`If-Range`).
 * @returns `outside` where the file has none of these bytes
 */
export function rangeOf(
  asked: { readonly range: string | undefined; readonly ifRange: string | undefined },
  { size, tag }: { readonly size: number; readonly tag: string },
): ByteRange | 'whole' | 'outside' {
  // A date is never as exact as the tag.
  if (asked.ifRange !== undefined && asked.ifRange.trim() !== tag) return 'whole';
  const [, first = '', last = ''] = ONE_RANGE.exec(asked.range?.trim() ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') return lastBytes(Number(last), size);
  const [start, end] = [Number(first), last === '' ? size - 1 : Number(last)];
  if (last !== '' && end < start) return 'whole';
  return start < size ? { start, end: Math.min(end, size - 1) } : 'outside';
}

function lastBytes(count: number, size: number): ByteRange | 'outside' {
  return count === 0 || size === 0 ? 'outside' : { start: Math.max(0, size - count), end: size - 1 };
}
