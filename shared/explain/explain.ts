import type { Evidence } from './evidence.ts';
import { findingsOf, type Finding } from './findings.ts';
import { type Area, barsOf, type Cover, gridOn, windowsOf } from './grid.ts';
import { type HeatMap, heatOf } from './heat.ts';

/** What a network looked at when it judged a picture. */
export interface Explanation {
  /** Softmax value of the class for the picture as it is, 0…1. */
  readonly score: number;
  readonly map: HeatMap;
  readonly findings: readonly Finding[];
}

export interface ExplainTools {
  /** Where the canonical image is not black padding. */
  readonly picture: Area;
  /** Runs the network on the picture, covered in each of these ways, and says what became of the class. */
  readonly ask: (covers: readonly Cover[]) => Promise<readonly Evidence[]>;
  /** Runs a call: whoever wants the network meanwhile waits for no more than these. */
  readonly atOnce: number;
  readonly progress: (done: number, total: number) => void;
  /** An `AbortSignal`, asked between two calls. */
  readonly signal: { readonly throwIfAborted: () => void };
}

/**
 * The occlusion map of a picture (Zeiler & Fergus 2014, arXiv:1311.2901): parts of it are covered, and where that lowers
 * the odds of the class the network had looked at (P6-20). It is true to the network by construction: nothing but its own
 * answers goes in.
 * @throws the signal's reason
 */
export async function explain(tools: ExplainTools): Promise<Explanation> {
  const grid = gridOn(tools.picture);
  const bars = barsOf(tools.picture);
  const windows = windowsOf(grid);
  const covers: Cover[] = [[], ...(bars.length > 0 ? [bars] : []), ...windows.map((window) => [window])];
  const [plain, ...covered] = await askAll(tools, covers);
  if (!plain) throw new Error('The network gave no answer.');
  const drops = covered.map(({ odds }) => plain.odds - odds);
  const map = heatOf(grid, drops.slice(drops.length - windows.length));
  return { score: plain.score, map, findings: findingsOf(map, bars.length > 0 ? (drops[0] ?? 0) : 0) };
}

async function askAll(tools: ExplainTools, covers: readonly Cover[]): Promise<Evidence[]> {
  const { ask, atOnce, progress, signal } = tools;
  const found: Evidence[] = [];
  for (let at = 0; at < covers.length; at += atOnce) {
    progress(at, covers.length);
    found.push(...(await ask(covers.slice(at, at + atOnce))));
    signal.throwIfAborted();
  }
  progress(covers.length, covers.length);
  return found;
}
