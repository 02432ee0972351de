import { tl } from '../../messages/text-library.ts';
import type { ActWords } from '../../state/contract.ts';

/** An act as people read it, for the buttons that undo or redo it. */
export function wordsOf({ kind, name, photos }: ActWords): string {
  return tl(`act.${kind}`, { name, n: photos });
}
