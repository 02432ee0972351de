import type { Box } from '#shared/image/framing.ts';

import { tl } from '../../../messages/text-library.ts';
import type { Verdict } from './draft.svelte.ts';
import { measureOf } from './box.ts';

/** Where a box stands and how large it is, as people hear it. */
export function boxWords(box: Box): string {
  return tl('edit.box', {
    left: measureOf(box, 'left'),
    top: measureOf(box, 'top'),
    width: measureOf(box, 'width'),
    height: measureOf(box, 'height'),
  });
}

/** How the subject stands in its frame (P1-25 … P1-28). */
export function verdictWords({ framing, share, room }: Verdict): string {
  const words = tl(`edit.verdict.${framing}`, { share: Math.round(share * 100) });
  const percent = Math.floor(room * 100);
  return percent < 1 ? words : `${words} ${tl('edit.room', { room: percent })}`;
}
