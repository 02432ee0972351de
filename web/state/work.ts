/** Work of this tab that must not be cut off by a reload. */
const running = new Set<Promise<unknown>>();

/** Counts as running until it settles. */
export async function track<T>(work: Promise<T>): Promise<T> {
  running.add(work);
  try {
    return await work;
  } finally {
    running.delete(work);
  }
}

/** Resolves when nothing is running. */
export async function workDone(): Promise<void> {
  while (running.size > 0) await Promise.allSettled(running);
}
