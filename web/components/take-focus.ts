import { tick } from 'svelte';

/**
 * For an element that takes the place of what somebody was working with: it gets the focus that would be lost, so that
 * a keyboard goes on from here and a screen reader says what there is now. Leaves a focus that is elsewhere alone.
 */
export function takeFocus(element: HTMLElement): void {
  void tick().then(() => {
    if (document.activeElement === document.body) element.focus();
  });
}
