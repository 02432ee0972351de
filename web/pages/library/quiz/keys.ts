/** What a key asks for while photos are named. Letters are for typing names, so acts have digits. */
export type QuizKey =
  /** One of the answers given before, by its place. */
  | { readonly kind: 'quick'; readonly at: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'pause' }
  /** The field gets the focus, and this letter; `swallow`: but not this sign. */
  | { readonly kind: 'type'; readonly swallow: boolean };

/** Key of "I don't know". */
export const UNKNOWN_KEY = '0';
export const PAUSE_KEY = 'Escape';

/** Key of the answer at a place, from 0. */
export const quickKey = (at: number): string => String(at + 1);

/** @param where `typing`: in the field, with text in it; `field`: in the empty field; `page`: anywhere else */
export function quizKey(key: string, where: 'typing' | 'field' | 'page'): QuizKey | null {
  if (key === PAUSE_KEY) return { kind: 'pause' };
  if (where === 'typing') return null;
  if (key === UNKNOWN_KEY) return { kind: 'unknown' };
  if (/^[1-9]$/.test(key)) return { kind: 'quick', at: Number(key) - 1 };
  if (where === 'page' && key === '/') return { kind: 'type', swallow: true };
  if (where === 'page' && /^\p{Letter}$/u.test(key)) return { kind: 'type', swallow: false };
  return null;
}
