/** What a version looked at: for keepers only, apart from what guests download. */
import { evidenceOf } from '#shared/explain/evidence.ts';
import { explain } from '#shared/explain/explain.ts';
import type { UsableVersion } from '../storage/model-version.ts';
import type { InferApi } from '../workers/infer.worker.ts';
import type { Remote } from '../workers/spawn.ts';
import type { Explained, ExplainOptions } from './contract.ts';

export interface ExplainWith {
  readonly version: Pick<UsableVersion, 'version' | 'labels' | 'canonicalSize'>;
  /** Whether many runs at a time take little longer than one. */
  readonly onGpu: boolean;
  /** Does a job in the worker that has this version, after those before it. */
  readonly run: <T>(job: (api: Remote<InferApi>) => Promise<T>) => Promise<T>;
}

/** Runs of the network a job: one that a guest would wait for takes about a tenth of a second. */
const AT_ONCE = { cpu: 4, gpu: 16 };

/**
 * The occlusion map of a canonical image. Every job is complete in itself, so a device or a worker that is lost on the
 * way costs one of them, and a cancelled map leaves nothing behind.
 * @param labelId null: the best guess
 * @throws the signal's reason, Error in words
 */
export async function explainImage(
  { version, onGpu, run }: ExplainWith,
  image: Blob,
  labelId: string | null,
  { progress, signal }: ExplainOptions,
): Promise<Explained> {
  const { labels } = version;
  let index = labels.findIndex(({ id }) => id === labelId);
  if (labelId !== null && index === -1) {
    throw new Error(`Version ${String(version.version)} of the model does not know this class.`);
  }
  const bytes = await image.arrayBuffer();
  signal.throwIfAborted();
  const uncovered = await run((api) => api.uncovered(bytes, version.canonicalSize));
  let best = -1;
  const explanation = await explain({
    picture: uncovered.picture,
    ask: async (covers) => {
      const rows = await run((api) => api.covered({ ...uncovered, covers }));
      // The first row is that of the picture as it is.
      if (best === -1) best = bestOf(rows[0]);
      if (index === -1) index = best;
      return rows.map((scores) => evidenceOf(scores, index));
    },
    atOnce: onGpu ? AT_ONCE.gpu : AT_ONCE.cpu,
    progress,
    signal,
  });
  const [label, guess] = [labels[index], labels[best]];
  if (!label || !guess) throw new Error('The model gave an answer without a name.');
  return { ...explanation, version: version.version, label, best: guess };
}

function bestOf(scores: Float32Array | undefined): number {
  return scores ? scores.indexOf(Math.max(...scores)) : -1;
}
