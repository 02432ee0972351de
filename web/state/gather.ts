/** Collects items and hands them on together, a little later: for what is costly to do for each of them. */
export interface Gather<T> {
  readonly add: (items: readonly T[]) => void;
  /** Hands on at once what is left. */
  readonly now: () => Promise<void>;
}

export function createGather<T>(ms: number, deliver: (items: readonly T[]) => Promise<void>): Gather<T> {
  let items: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const gathered = items;
    items = [];
    return deliver(gathered);
  };
  return {
    now,
    add: (more) => {
      items.push(...more);
      timer ??= setTimeout(() => void now(), ms);
    },
  };
}
