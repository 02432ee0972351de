import type { Listener } from '../run/log.ts';

/** How often a terminal's progress line is redrawn, and a log file gets a line, in milliseconds. */
const REDRAW = { terminal: 100, file: 10_000 } as const;

/** Shows a run on stderr, so that stdout holds results only: one moving line in a terminal, now and then a line else. */
export function stderrListener(): Listener {
  const terminal = process.stderr.isTTY;
  let last = 0;
  let open = false;
  const clear = (): void => {
    if (open) process.stderr.write('\r\u001b[K');
    open = false;
  };
  return {
    say: (line) => {
      clear();
      process.stderr.write(`${line}\n`);
    },
    progress: (what, done, total) => {
      const now = performance.now();
      if (done < total && now - last < REDRAW[terminal ? 'terminal' : 'file']) return;
      last = now;
      clear();
      process.stderr.write(`  ${what} ${done} of ${total}${terminal ? '' : '\n'}`);
      open = terminal;
      if (done >= total) clear();
    },
  };
}
