import type { ModelLabel } from '#shared/schema/model.ts';
import type { LabelId, PhotoId } from '#shared/schema/names.ts';

import { type EvaluationRow, evaluationRows } from './evaluation-rows.ts';
import { readDataSet, readLibraryFile, readPhotos } from './photos.ts';
import type { RunFolder } from './run-folder.ts';

/**
 * Photos of a run as another model is to be judged by them: what each shows is said in that model's classes, by the
 * merge rules that it was made with (design §2.5). A photo of a class that it does not have is out of scope for it.
 * @param set the set beside the benchmarks that is asked for; null for none
 */
export async function rowsForModel(
  folder: RunFolder,
  labels: readonly ModelLabel[],
  set: string | null,
): Promise<EvaluationRow[]> {
  const owner = new Map<LabelId, LabelId>();
  for (const { id, subClasses } of labels) for (const sub of subClasses) owner.set(sub, id);
  const shows = await subClassesShown(folder);
  return evaluationRows(await readDataSet(folder))
    .filter((row) => row.set === set || row.set.startsWith('benchmark:'))
    .map((row) => {
      const sub = shows(row);
      return { ...row, truth: sub === null ? null : (owner.get(sub) ?? null) };
    });
}

/** The sub-class that a photo shows: a benchmark has its own word on that, else it is the photo's label. */
async function subClassesShown(folder: RunFolder): Promise<(row: EvaluationRow) => LabelId | null> {
  const { benchmarks } = await readLibraryFile(folder);
  const said = new Map<string, Map<PhotoId, LabelId | null>>(
    benchmarks.map((b) => [`benchmark:${b.id}`, new Map(b.items.map((item) => [item.photo, item.truth]))]),
  );
  const labels = new Map((await readPhotos(folder)).map((photo) => [photo.id, photo.label?.id ?? null]));
  return ({ set, photo }) => (said.has(set) ? said.get(set)?.get(photo) : labels.get(photo)) ?? null;
}
