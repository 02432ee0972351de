import { foldPath, PROTOTYPE_KEYS, RESERVED_NAME } from './names.ts';
import { utf8Cut } from './utf8.ts';

/** Fits as it is: letters, marks and digits of every script, emoji, some punctuation. `~` is kept for our own mark. */
const UNFIT = /[^\p{L}\p{M}\p{Nd}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI} \-_.,'()&+!]+/gu;
const UNFIT_START = /^[^\p{L}\p{Nd}\p{Extended_Pictographic}\p{RI}]+/u;

/** A person's text as a part of a path that every system can store, at most `most` bytes; may come out empty. */
export function readablePart(text: string, most: number): string {
  const fit = text.normalize('NFC').replace(UNFIT, ' ').replace(/ +/g, ' ').replace(UNFIT_START, '');
  const part = utf8Cut(fit.normalize('NFC'), most).replace(/[. ]+$/, '');
  return RESERVED_NAME.test(part) || PROTOTYPE_KEYS.has(part) ? utf8Cut(`label ${part}`, most) : part;
}

/**
 * A part of a path that is the text itself where that is safe everywhere, else its readable rest with a mark of the
 * whole text behind `~`. Different texts give different parts, also where case does not count.
 */
export function distinctPart(text: string, most: number): string {
  const plain = readablePart(text, most);
  if (plain !== '' && plain === text && foldPath(text) === text) return text;
  const mark = `~${fingerprint(text)}`;
  return (readablePart(text.toLowerCase(), most - mark.length) || 'label') + mark;
}

/** FNV-1a over UTF-16 units in two runs, mixed at the end: 64 bits as 16 hex digits. Not for secrets. */
function fingerprint(text: string): string {
  return [0x811c9dc5, 0x2f0b4c47]
    .map((seed) => {
      let hash = seed;
      for (let i = 0; i < text.length; i++) {
        hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
        hash ^= hash >>> 15;
      }
      return (hash >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}
