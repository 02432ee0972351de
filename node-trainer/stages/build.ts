import { buildDataSet } from '#shared/dataset/build.ts';
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { DataSet } from '#shared/schema/dataset.ts';

import { writeAtomic } from '../io/atomic.ts';
import { LibraryError } from '../library/problem.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { readLibraryFile, readPhotos } from '../run/photos.ts';
import { plannedOptions } from '../run/planned-options.ts';
import { outputsOf, performStage } from '../run/stage.ts';

/** Decides which photos train, validate and test, and writes `dataset.json` (P5-15). */
export async function build(run: RunContext): Promise<StageResult> {
  const extract = await outputsOf(run.folder, 'extract');
  const library = await readLibraryFile(run.folder);
  const { options, planned } = plannedOptions(run.options, run.given, library.plan);
  return performStage(run, {
    name: 'build',
    inputs: { extract, options },
    work: async () => {
      if (planned.length > 0) {
        run.log.note(`as planned in the library: ${planned.join(', ')} (flags would overrule it)`);
      }
      const photos = await readPhotos(run.folder);
      const known = new Set<string>(photos.map((p) => p.id));
      const benchmarks = library.benchmarks.map((b) => present(b, known, run));
      const dataSet = buildDataSet({ ...library, photos, benchmarks, options });
      report(run, dataSet);
      if (dataSet.labels.length < 2) throw tooFew(dataSet);
      await writeAtomic(run.folder.dataSetFile, `${JSON.stringify(dataSet, null, 1)}\n`);
      return { outputs: ['dataset.json'], result: resultOf(dataSet) };
    },
  });
}

/** A benchmark without the photos that could not be extracted. */
function present(benchmark: Benchmark, known: ReadonlySet<string>, run: RunContext): Benchmark {
  const items = benchmark.items.filter((item) => known.has(item.photo));
  const gone = benchmark.items.length - items.length;
  if (gone > 0) run.log.warn(`benchmark "${benchmark.name}": ${gone} of its photos are not in this library`);
  return { ...benchmark, items };
}

function report(run: RunContext, { classes, options }: DataSet): void {
  for (const c of classes) {
    const origin = `${c.real} real, ${c.staged} staged, ${c.synthetic} synthetic`;
    const fate = c.included
      ? `${c.training} training, ${c.validation} validation, ${c.test} test`
      : `not in the model: ${c.shortBy} short of ${options.minimum}`;
    run.log.note(`class ${c.name}: ${origin}; ${fate}`);
  }
  const out = classes.filter((c) => !c.included);
  if (out.length > 0) {
    run.log.warn(
      `not in the model, too few photos: ${out.map((c) => `${c.name} (${c.shortBy} short)`).join(', ')}`,
    );
  }
}

function resultOf({
  labels,
  classes,
  training,
  validation,
  test,
  leftOut,
  testCovers,
}: DataSet): StageResult {
  return {
    classes: labels.length,
    classesLeftOut: classes.length - labels.length,
    training: training.length,
    validation: validation.length,
    test: test.length,
    photosLeftOut: leftOut.length,
    testCovers,
  };
}

function tooFew({ classes, labels, options }: DataSet): LibraryError {
  const nearest = classes.filter((c) => !c.included).sort((a, b) => a.shortBy - b.shortBy);
  const names = nearest
    .slice(0, 5)
    .map((c) => `${c.name} (${c.shortBy} short)`)
    .join(', ');
  return new LibraryError(
    `A model needs two classes with at least ${options.minimum} photos; this library has ${labels.length}. ` +
      `Nearest: ${names || 'none'}. Label more photos, or lower the minimum.`,
  );
}
