/** Length of a text in bytes as UTF-8; a lone surrogate counts as its replacement character. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += pointLength(character.codePointAt(0) ?? 0);
  return bytes;
}

/** The longest beginning of a text that fits into `most` bytes as UTF-8, cut between code points. */
export function utf8Cut(text: string, most: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += pointLength(character.codePointAt(0) ?? 0);
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}

function pointLength(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
