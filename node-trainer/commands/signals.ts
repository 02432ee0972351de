type Stop = () => void;

let onStop: Stop | null = null;

/** Ctrl-C and a polite end: one answer for the whole program, which a command may replace while it serves. */
export function listenForStop(stop: Stop): void {
  onStop = stop;
  const ask = (): void => onStop?.();
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
}

/** From now on this command answers. */
export function takeOverStop(stop: Stop): void {
  onStop = stop;
}
