import { loadNetwork } from '#shared/model/network.ts';
import type { Identified } from '#shared/schema/identified.ts';
import type { Part } from '#shared/schema/part.ts';

import { startEngine } from '../engines/engine.ts';
import { openStore } from '../io/store.ts';
import type { Problem } from '../library/problem.ts';
import { localCopy } from '../library/remote.ts';
import { identifyAll } from './identify-all.ts';
import { type IdentifySource, inputOf, loadOrTell, openIdentifySource } from './identify-source.ts';
import { formatOf, writeTables, writeTableTo } from './identify-table.ts';
import { performPart } from './parts.ts';
import type { Rows, Shard } from './shard.ts';
import { type TableView, viewOf, WHOLE_TABLE } from './table-view.ts';
import { isOnlyEvidence, type ModelVersionFiles, readVersionFolder } from './version-folder.ts';

/** Any photos, to be identified with a published version. */
export interface IdentifyJob {
  /** Folder or zip of photos, or an export; also `s3://…`. */
  readonly source: string;
  /** Folder of the version, also `s3://…`; every file is checked before it is used. */
  readonly model: string;
  /** `.csv` or `.ndjson`; for a shard the folder or `s3://…` prefix of the parts. */
  readonly out: string;
  readonly engine: string;
  /** Which rows go into the table, in which order; all as they come, unless it says otherwise. */
  readonly view?: TableView;
  readonly onProgress: (done: number, total: number) => void;
}

export interface IdentifyOutcome {
  /** Version. */
  readonly model: number;
  readonly engine: string;
  readonly identified: number;
  /** How many of them got an answer. */
  readonly answers: number;
  /** How many of them are in the table. */
  readonly rows: number;
  /** Files that can't be used. */
  readonly problems: readonly Problem[];
}

/**
 * Identifies any photos; needs no training engine and no run (P5-41).
 * @throws OptionError for a target that is neither CSV nor NDJSON; VersionDamaged naming the file; LibraryError;
 *   FileStoreError
 */
export async function identifyPhotos(job: IdentifyJob): Promise<IdentifyOutcome> {
  formatOf(job.out);
  return withPhotos(job, async (version, source) => {
    const run = await identifyRows(job, version, source, { from: 0, to: source.items.length });
    const { rows } = await writeTableTo(job.out, viewOf(run.rows, job.view ?? WHOLE_TABLE));
    return { model: version.card.version, engine: run.engine, ...run.facts(), rows };
  });
}

/**
 * Identifies one shard of them: its rows as NDJSON with a manifest in `out`. What is there already is kept.
 * @throws as `identifyPhotos`
 */
export async function identifyShard(
  job: IdentifyJob,
  shard: Shard,
): Promise<{ readonly part: Part; readonly kept: boolean }> {
  return withPhotos(job, (version, source) =>
    performPart(openStore(job.out), {
      work: 'identify',
      model: { version: version.card.version, sha256: version.sha256 },
      threshold: version.card.threshold,
      input: inputOf(source.items),
      shard,
      ending: 'ndjson',
      write: async (path, range) => {
        const run = await identifyRows(job, version, source, range);
        const { rows } = await writeTables(run.rows, [{ path, format: 'ndjson' }]);
        return { rows, engine: run.engine, leftOut: run.leftOut };
      },
    }),
  );
}

async function withPhotos<T>(
  { source, model }: IdentifyJob,
  work: (version: ModelVersionFiles, source: IdentifySource) => Promise<T>,
): Promise<T> {
  const local = await localCopy(model, isOnlyEvidence);
  const version = await readVersionFolder(local.path).finally(local.close);
  const photos = await openIdentifySource(source, version.card.canonicalSize);
  try {
    return await work(version, photos);
  } finally {
    await photos.close();
  }
}

/** Rows to come, and what is known of them once they came. */
interface Identifying {
  readonly engine: string;
  readonly rows: AsyncIterable<Identified>;
  readonly leftOut: Part['leftOut'];
  readonly facts: () => Pick<IdentifyOutcome, 'identified' | 'answers' | 'problems'>;
}

async function identifyRows(
  job: IdentifyJob,
  { card, labels, file, weights }: ModelVersionFiles,
  source: IdentifySource,
  { from, to }: Rows,
): Promise<Identifying> {
  const { name: engine } = await startEngine(job.engine);
  const leftOut: Part['leftOut'] = [];
  let [identified, answers] = [0, 0];
  const rows = async function* (): AsyncGenerator<Identified> {
    const network = loadNetwork(file, weights);
    try {
      const all = identifyAll({
        network,
        labels,
        threshold: card.threshold,
        items: source.items.slice(from, to),
        from,
        nameOf: ({ file: path, photo }) => ({ file: path, photo }),
        load: (item, row) => loadOrTell(item, (problem) => leftOut.push({ row, ...problem })),
        onProgress: job.onProgress,
      });
      for await (const row of all) {
        identified += 1;
        if (row.answer !== null) answers += 1;
        yield row;
      }
    } finally {
      network.dispose();
    }
  };
  const facts = (): ReturnType<Identifying['facts']> => ({
    identified,
    answers,
    problems: leftOut.map(({ row: _, ...problem }) => problem),
  });
  return { engine, rows: rows(), leftOut, facts };
}
