import type { ModelFigures } from '#shared/metrics/gate-figures.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';

import { sha256 } from '../io/hash.ts';
import { readMetrics } from './metrics-file.ts';

/**
 * What the release gate looks at of a model that was scored: of a run, or of a published version.
 * @param root run folder or version folder
 * @param index its scores index
 * @param titles names of benchmarks by their ids
 * @throws RecordError, JsonError naming the file of its metrics
 */
export async function readFigures(
  root: string,
  index: ScoresIndex,
  titles: ReadonlyMap<string, string>,
): Promise<ModelFigures> {
  const { threshold, confusedTable, sets } = await readMetrics(root);
  const pictures = picturesBySet(index);
  return {
    threshold,
    confusedTable,
    sets: sets.map(({ name, benchmark, summary, benchmarkSummary }) => ({
      name,
      title: titles.get(name.replace(/^benchmark:/, '')) ?? name,
      benchmark,
      summary,
      spread: benchmarkSummary,
      pictures: pictures.get(name) ?? '',
    })),
  };
}

/** Identity of the photos and truths of each set: SHA-256 over both, whatever their order. */
function picturesBySet({ sets, items }: ScoresIndex): Map<string, string> {
  return new Map(
    sets.map(({ name, from, to }) => {
      const rows = items.slice(from, to).map(({ photo, truth }) => JSON.stringify([photo, truth]));
      return [name, sha256(new TextEncoder().encode(rows.sort().join('\n')))];
    }),
  );
}
