import type { GateResult } from '#shared/schema/gate.ts';
import type { Metrics } from '#shared/schema/metrics.ts';
import type { PhotoId } from '#shared/schema/names.ts';

import type { RunContext } from '../../run/context.ts';
import { MODEL_FILES, readTrainingFacts } from '../../run/model-files.ts';
import { readDataSet, readLibraryFile, readPhotos } from '../../run/photos.ts';
import { readRunFile } from '../../run/run-file.ts';
import { finished, type StageName } from '../../run/stage.ts';
import type { ReportData, ReportPhoto } from './report/data.ts';
import { rivalsOf } from './rivals.ts';
import { thumbnailsFor } from './thumbnails.ts';

const BEFORE: readonly StageName[] = ['extract', 'build', 'train', 'evaluate'];

/** Reads everything that the report shows from the run folder and the model store. */
export async function gatherReport(
  run: RunContext,
  metrics: Metrics,
  gate: GateResult | null,
): Promise<ReportData> {
  const { folder, options } = run;
  const library = await readLibraryFile(folder);
  const done = await Promise.all(BEFORE.map((stage) => finished(folder, stage)));
  const files = done.flatMap((stage) =>
    stage.stage === 'train' || stage.stage === 'evaluate' ? stage.outputs : [],
  );
  return {
    library: library.name,
    trainedAt: (await finished(folder, 'train')).finishedAt,
    metrics,
    gate,
    training: await readTrainingFacts(folder),
    dataSet: await readDataSet(folder),
    benchmarkNames: new Map<string, string>(library.benchmarks.map((b) => [b.id, b.name])),
    photos: await photosIn(run, metrics),
    rivals: await rivalsOf(run, metrics),
    downloadBytes: files.find((file) => file.path === MODEL_FILES.networkWeights)?.bytes ?? 0,
    stages: done.map(({ stage, seconds }) => ({ stage, seconds })),
    options: Object.entries(options).map(([name, value]) => [name, String(value)]),
    machine: await machineOf(run),
    files,
  };
}

async function photosIn(run: RunContext, metrics: Metrics): Promise<Map<PhotoId, ReportPhoto>> {
  const small = await thumbnailsFor(run.folder, metrics);
  const wanted = new Set(metrics.sets.flatMap((set) => set.pictures.map((picture) => picture.photo)));
  const photos = (await readPhotos(run.folder)).filter((photo) => wanted.has(photo.id));
  const { subClasses, unknownLabels } = await readLibraryFile(run.folder);
  const names = new Map([...subClasses, ...unknownLabels].map((label) => [label.id, label.name]));
  return new Map(
    photos.map(({ id, fileName, origin, label }) => [
      id,
      {
        fileName,
        origin,
        label: label && (names.get(label.id) ?? label.id),
        thumbnail: small.get(id) ?? null,
      },
    ]),
  );
}

async function machineOf({ folder }: RunContext): Promise<ReportData['machine']> {
  const file = await readRunFile(folder);
  if (!file) return [];
  const { hardware, versions, createdAt } = file;
  return [
    ['Begun', createdAt],
    [
      'Machine',
      `${hardware.cpu}, ${hardware.cores} cores, ${Math.round(hardware.memoryBytes / 2 ** 30)} GiB`,
    ],
    ['System', `${hardware.platform}, Node ${versions.node}`],
  ];
}
