import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { ModelLabel } from '#shared/schema/model.ts';
import { type LabelId, type PhotoId, versionFolder } from '#shared/schema/names.ts';

import type { RunContext, StageResult } from '../../run/context.ts';
import { type EvaluationRow, evaluationRows } from '../../run/evaluation-rows.ts';
import { readDataSet, readLibraryFile, readPhotos } from '../../run/photos.ts';
import type { RunFolder } from '../../run/run-folder.ts';
import { scorePhotos } from '../../run/score-photos.ts';
import { outputsOf } from '../../run/stage.ts';
import { readVersionFolder } from '../../run/version-folder.ts';
import { versionScores } from '../../run/version-scores.ts';

/**
 * Lets a published version look at the photos of a run (P5-19): the fair way to compare it with what the run trained.
 * Its scores lie beside the run's own. Photos of a class that it does not know are out of scope for it.
 * @param model folder of the version; every file is checked first
 * @throws StageMissing where the run has no data set yet; VersionDamaged
 */
export async function evaluateVersion(run: RunContext, model: string): Promise<StageResult> {
  await outputsOf(run.folder, 'build');
  const { card, labels, file, weights } = await readVersionFolder(model);
  const name = versionFolder(card.version);
  const rows = await rowsFor(run.folder, labels);
  const folder = versionScores(run.folder, card.version).scores;
  await mkdir(folder, { recursive: true });
  const index = await scorePhotos(run, { model: name, labels, file, weights }, { rows, folder });
  const strangers = rows.filter((row) => row.truth !== null && !index.labels.includes(row.truth));
  const classes = new Set(strangers.map((row) => row.truth));
  if (strangers.length > 0)
    run.log.warn(
      `version ${name} does not know ${classes.size} of the classes: ${strangers.length} photos count as out of scope for it (${[...classes].join(', ')})`,
    );
  return {
    version: name,
    images: index.rows,
    unreadable: index.unreadable.length,
    outOfScopeForIt: strangers.length,
    engine: index.speed?.engine ?? null,
    imagesPerSecond: index.speed?.imagesPerSecond ?? null,
    msPerImage: index.speed?.msPerImage ?? null,
    scores: join(folder, 'index.json'),
  };
}

/**
 * The run's rows with their true classes as the version calls them: by the id of the class, else by the sub-class, for
 * merge rules may have changed in between.
 */
async function rowsFor(folder: RunFolder, labels: readonly ModelLabel[]): Promise<EvaluationRow[]> {
  const known = new Set(labels.map((label) => label.id));
  const bySubClass = new Map(labels.flatMap((label) => label.subClasses.map((sub) => [sub, label.id])));
  const subClasses = await subClassesIn(folder);
  return evaluationRows(await readDataSet(folder)).map((row) => {
    if (row.truth !== null && known.has(row.truth)) return row;
    const subClass = subClasses.get(row.photo);
    const truth = subClass === undefined ? undefined : bySubClass.get(subClass);
    return truth === undefined ? row : { ...row, truth };
  });
}

/** What people said the photos show; for a benchmark's photos what the benchmark says. */
async function subClassesIn(folder: RunFolder): Promise<Map<PhotoId, LabelId>> {
  const found = new Map<PhotoId, LabelId>();
  for (const { id, label } of await readPhotos(folder))
    if (label?.kind === 'sub-class') found.set(id, label.id);
  for (const { items } of (await readLibraryFile(folder)).benchmarks)
    for (const { photo, truth } of items) {
      if (truth === null) found.delete(photo);
      else found.set(photo, truth);
    }
  return found;
}
