import { extname, resolve } from 'node:path';

import { loadNetwork } from '#shared/model/network.ts';

import { startEngine } from '../engines/engine.ts';
import type { Problem } from '../library/problem.ts';
import { type BulkFormat, identifyAll } from './identify-all.ts';
import { loadOrTell, openIdentifySource } from './identify-source.ts';
import { OptionError } from './option-kinds.ts';
import { readVersionFolder } from './version-folder.ts';

/** Any photos, to be identified with a published version. */
export interface IdentifyJob {
  /** Folder or zip of photos, or an export. */
  readonly source: string;
  /** Folder of the version; every file is checked before it is used. */
  readonly model: string;
  /** `.csv` or `.ndjson` */
  readonly out: string;
  readonly engine: string;
  readonly onProgress: (done: number, total: number) => void;
}

export interface IdentifyOutcome {
  /** Version. */
  readonly model: number;
  readonly engine: string;
  readonly identified: number;
  /** How many of them got an answer. */
  readonly answers: number;
  /** Files that can't be used. */
  readonly problems: readonly Problem[];
}

/**
 * Identifies any photos; needs no training engine and no run (P5-41).
 * @throws OptionError for a target that is neither CSV nor NDJSON; VersionDamaged naming the file; LibraryError
 */
export async function identifyPhotos(job: IdentifyJob): Promise<IdentifyOutcome> {
  const format = formatOf(job.out);
  const { card, labels, file, weights } = await readVersionFolder(resolve(job.model));
  const source = await openIdentifySource(resolve(job.source));
  const problems: Problem[] = [];
  try {
    const { name: engine } = await startEngine(job.engine);
    const network = loadNetwork(file, weights);
    const counts = await identifyAll(
      {
        network,
        labels,
        threshold: card.threshold,
        items: source.items,
        nameOf: ({ file: path, photo }) => ({ file: path, photo }),
        load: (item) => loadOrTell(item, (problem) => problems.push(problem)),
        onProgress: job.onProgress,
      },
      [{ path: resolve(job.out), format }],
    ).finally(network.dispose);
    return { model: card.version, engine, ...counts, problems };
  } finally {
    await source.close();
  }
}

function formatOf(out: string): BulkFormat {
  const extension = extname(out).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.ndjson') return 'ndjson';
  throw new OptionError(`--out: expected a file that ends in .csv or .ndjson, got "${out}"`);
}
