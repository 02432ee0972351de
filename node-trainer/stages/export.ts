import { constants } from 'node:fs';
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { NOT_JUDGED } from '#shared/schema/gate.ts';
import {
  type FileEntry,
  type LabelsFile,
  labelsRecord,
  type ModelCard,
  modelCardRecord,
} from '#shared/schema/model.ts';
import { MOST_PUBLISHED, PUBLISHED_SCORES } from '#shared/schema/scores.ts';

import { writeAtomic } from '../io/atomic.ts';
import { sha256File } from '../io/hash.ts';
import { megabytes } from '../io/room.ts';
import { CARD_DRAFT, type CardDraft, EXPORT_FOLDER } from '../run/card-draft.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { readSummaries } from '../run/metrics-file.ts';
import { MODEL_FILES, readTrainingFacts } from '../run/model-files.ts';
import { readDataSet, readLibraryFile } from '../run/photos.ts';
import { finished, outputsOf, performStage } from '../run/stage.ts';

/** What goes into a version folder, and where it lies in the run. The weights lie beside the network that names them. */
const COPIES: readonly (readonly [path: string, from: string])[] = [
  ['model.json', MODEL_FILES.network],
  ['weights.bin', MODEL_FILES.networkWeights],
  ['training/model.json', MODEL_FILES.training],
  ['training/weights.bin', MODEL_FILES.trainingWeights],
  ['training/facts.json', MODEL_FILES.facts],
  ['report/metrics.json', 'report/metrics.json'],
  ['report/report.html', 'report/report.html'],
  [PUBLISHED_SCORES.index, 'scores/index.json'],
  ['report/dataset.json', 'dataset.json'],
];
const MATRIX = 'scores/scores.npy';
/** Raised whenever a version has more files than before, so that a run of an older Menagerie is exported anew. */
const FORM = 2;

/**
 * Gathers what a published version consists of in `model/export/` (P5-35 … P5-37) and drafts its card; publishing
 * gives it a number and a date.
 */
export async function exportModel(run: RunContext): Promise<StageResult> {
  const { folder } = run;
  return performStage(run, {
    name: 'export',
    inputs: {
      train: await outputsOf(folder, 'train'),
      score: await outputsOf(folder, 'score'),
      throwAway: run.options.throwAway,
      threshold: run.options.threshold,
      form: FORM,
    },
    work: async () => {
      const target = join(folder.root, EXPORT_FOLDER);
      await rm(target, { recursive: true, force: true });
      const copies = (await takesMatrix(run))
        ? [...COPIES, [PUBLISHED_SCORES.matrix, MATRIX] as const]
        : COPIES;
      for (const [path, from] of copies) await copy(join(folder.root, from), join(target, path));
      const facts = await readTrainingFacts(folder);
      const labels: LabelsFile = labelsRecord.read({ v: 1, labels: facts.labels }, 'labels.json');
      await writeAtomic(join(target, 'labels.json'), `${JSON.stringify(labels, null, 2)}\n`);
      const paths = [...copies.map(([path]) => path), 'labels.json'];
      const files = await Promise.all(paths.map((path) => describe(target, path)));
      const card = await draft(run, files);
      await writeAtomic(join(folder.root, CARD_DRAFT), `${JSON.stringify(card, null, 2)}\n`);
      const weights = files.find((file) => file.path === 'weights.bin');
      return {
        outputs: [CARD_DRAFT, ...paths.map((path) => `${EXPORT_FOLDER}/${path}`)],
        result: { classes: labels.labels.length, files: files.length, downloadBytes: weights?.bytes ?? 0 },
      };
    },
  });
}

/** The full matrix goes along, for the threshold slider of the app, unless it is too large. */
async function takesMatrix({ folder, log }: RunContext): Promise<boolean> {
  const { size } = await stat(join(folder.root, MATRIX));
  if (size <= MOST_PUBLISHED) return true;
  log.say(
    `${MATRIX} has ${megabytes(size)}, more than the ${megabytes(MOST_PUBLISHED)} that are published with a version. ` +
      `To try thresholds in the app, choose scores.npy and index.json of ${folder.scores} there.`,
  );
  return false;
}

async function draft(run: RunContext, files: FileEntry[]): Promise<CardDraft> {
  const { folder, options } = run;
  const [library, dataSet, facts] = [
    await readLibraryFile(folder),
    await readDataSet(folder),
    await readTrainingFacts(folder),
  ];
  const card: ModelCard = modelCardRecord.read(
    {
      v: 2,
      version: 1,
      createdAt: (await finished(folder, 'train')).finishedAt,
      publishedAt: (await finished(folder, 'train')).finishedAt,
      library: { name: library.name, exportId: library.exportId, photos: library.photos },
      canonicalSize: library.canonicalSize,
      architecture: facts.architecture,
      preprocessing: facts.preprocessing,
      threshold: options.threshold,
      recipe: facts.recipe,
      options: Object.entries({ ...options, weights: facts.weights }).map(([name, value]) => [
        name,
        String(value),
      ]),
      dataSet: {
        options: dataSet.options,
        sha256: await sha256File(folder.dataSetFile),
        training: dataSet.training.length,
        validation: dataSet.validation.length,
        test: dataSet.test.length,
        classes: dataSet.labels.length,
        testCovers: dataSet.testCovers,
      },
      weights: facts.weights,
      engine: facts.engine,
      trainingSeconds: facts.seconds,
      metrics: await readSummaries(folder),
      gate: NOT_JUDGED,
      throwAway: options.throwAway,
      network: { model: 'model.json', labels: 'labels.json' },
      files,
    },
    CARD_DRAFT,
  );
  const { version: _version, publishedAt: _publishedAt, ...rest } = card;
  return rest;
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}

async function describe(root: string, path: string): Promise<FileEntry> {
  const file = join(root, path);
  return { path, bytes: (await stat(file)).size, sha256: await sha256File(file) };
}
