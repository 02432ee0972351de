import { on } from 'svelte/events';
import type { Attachment } from 'svelte/attachments';

/** So far a finger goes sideways, in CSS pixels, and it means something. */
const FAR = 40;

/** Tells of a finger that swipes sideways: 1 to the left, for the next one; −1 to the right. */
export function swipe(tell: (step: 1 | -1) => void): Attachment<HTMLElement> {
  return (element) => {
    let from: Touch | undefined;
    const off = [
      on(element, 'touchstart', (event) => {
        from = event.touches.length === 1 ? event.touches[0] : undefined;
      }),
      on(element, 'touchend', (event) => {
        const to = event.changedTouches[0];
        if (!from || !to) return;
        const [across, down] = [to.clientX - from.clientX, to.clientY - from.clientY];
        if (Math.abs(across) >= FAR && Math.abs(across) > 2 * Math.abs(down)) tell(across < 0 ? 1 : -1);
        from = undefined;
      }),
    ];
    return () => {
      for (const stop of off) stop();
    };
  };
}
