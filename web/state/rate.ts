/** How many a second, of late. */
export interface Rate {
  /** @param ms of a clock that never goes back */
  readonly add: (count: number, ms: number) => void;
  /** Null until enough was counted. */
  readonly perSecond: () => number | null;
}

/** What is longer ago does not count. */
const WINDOW_MS = 15_000;
const LEAST_MS = 1000;

/** @param start when counting begins */
export function createRate(start: number): Rate {
  let marks = [{ ms: start, total: 0 }];
  return {
    add: (count, ms) => {
      const total = (marks.at(-1)?.total ?? 0) + count;
      // The last mark before the window stays: counting begins there.
      const first = marks.findLastIndex((mark) => mark.ms <= ms - WINDOW_MS);
      marks = [...marks.slice(Math.max(0, first)), { ms, total }];
    },
    perSecond: () => {
      const [first, last] = [marks[0], marks.at(-1)];
      if (!first || !last || last.ms - first.ms < LEAST_MS) return null;
      return ((last.total - first.total) * 1000) / (last.ms - first.ms);
    },
  };
}
