/** Measures one answer, without the pauses in it. */
export interface Stopwatch {
  /** Goes (on); while it runs already, nothing happens. */
  readonly run: () => void;
  readonly halt: () => void;
  /** Back to nothing, halted. */
  readonly reset: () => void;
  readonly running: () => boolean;
  /** Whole milliseconds in which it ran. */
  readonly ms: () => number;
}

/** @param now milliseconds of a clock that never goes back */
export function createStopwatch(now: () => number): Stopwatch {
  let before = 0;
  let since: number | null = null;
  const passed = (): number => before + (since === null ? 0 : now() - since);
  return {
    run: () => {
      since ??= now();
    },
    halt: () => {
      before = passed();
      since = null;
    },
    reset: () => {
      before = 0;
      since = null;
    },
    running: () => since !== null,
    ms: () => Math.max(0, Math.round(passed())),
  };
}
