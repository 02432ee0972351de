/** A rectangle in pixels of an element's scrolled content. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Drag {
  /** A mouse drew so large a rectangle. */
  readonly lasso: (box: Box) => void;
  /** A finger rested here, or went on to here after it had. */
  readonly hold: (x: number, y: number) => void;
  readonly end: () => void;
}

/** A shorter way is a click, in pixels. */
const CLICK = 6;
const LONG_PRESS_MS = 450;
/** Near an edge the content scrolls, by so many pixels an event. */
const EDGE = 32;

/** Follows a pointer from its press to its release: a mouse draws a rectangle, a finger that rests chooses. */
export function startDrag(event: PointerEvent, scroller: HTMLElement, drag: Drag): void {
  const isMouse = event.pointerType === 'mouse';
  const start = pointOf(event, scroller);
  const [startX, startY] = [event.clientX, event.clientY];
  // The pointer's own place is kept, since scrolling moves the content beneath it.
  let active = false;
  const over = new AbortController();
  const timer = isMouse
    ? 0
    : setTimeout(() => {
        active = true;
        drag.hold(start.x, start.y);
      }, LONG_PRESS_MS);
  const far = (e: PointerEvent): boolean => Math.hypot(e.clientX - startX, e.clientY - startY) > CLICK;
  const stop = (): void => {
    clearTimeout(timer);
    over.abort();
    drag.end();
  };
  const move = (e: PointerEvent): void => {
    if (e.pointerId !== event.pointerId) return;
    if (!active && !far(e)) return;
    if (!active && !isMouse) {
      // A finger that moved at once scrolls.
      stop();
      return;
    }
    active = true;
    scrollNear(e.clientY, scroller);
    const { x, y } = pointOf(e, scroller);
    if (isMouse) drag.lasso(boxOf(start, { x, y }));
    else drag.hold(x, y);
  };
  const { signal } = over;
  window.addEventListener('pointermove', move, { signal });
  window.addEventListener('pointerup', stop, { signal });
  window.addEventListener('pointercancel', stop, { signal });
  // Once a finger chooses, it does not scroll.
  const still = (e: TouchEvent): void => {
    if (active) e.preventDefault();
  };
  scroller.addEventListener('touchmove', still, { signal, passive: false });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function pointOf(event: PointerEvent, scroller: HTMLElement): Point {
  const edge = scroller.getBoundingClientRect();
  return { x: event.clientX - edge.left, y: event.clientY - edge.top + scroller.scrollTop };
}

function boxOf(a: Point, b: Point): Box {
  return {
    left: Math.min(a.x, b.x),
    right: Math.max(a.x, b.x),
    top: Math.min(a.y, b.y),
    bottom: Math.max(a.y, b.y),
  };
}

function scrollNear(y: number, scroller: HTMLElement): void {
  const { top, bottom } = scroller.getBoundingClientRect();
  if (y < top + EDGE) scroller.scrollTop -= EDGE / 2;
  else if (y > bottom - EDGE) scroller.scrollTop += EDGE / 2;
}
