import { join } from 'node:path';

import { joinClassifier } from '#shared/model/classifier.ts';
import { compileNetwork } from '#shared/model/compile.ts';
import { loadBackbone } from '#shared/model/transfer.ts';
import { isZooName, ZOO } from '#shared/model/zoo/table.ts';
import { type Backbone, buildBackbone } from '#shared/model/zoo.ts';
import type { DataSet } from '#shared/schema/dataset.ts';
import type { ModelLabel } from '#shared/schema/model.ts';

import { startEngine } from '../engines/engine.ts';
import { writeAtomic } from '../io/atomic.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { MODEL_FILES, type TrainingFacts } from '../run/model-files.ts';
import { OptionError } from '../run/option-kinds.ts';
import type { RunOptions } from '../run/options.ts';
import { readDataSet, readLibraryFile } from '../run/photos.ts';
import { RECIPES } from '../run/recipes.ts';
import { outputsOf, performStage } from '../run/stage.ts';
import { openWeights, type Pretrained } from '../run/weights-source.ts';
import { featuresOf } from './train/features.ts';
import { type Learned, learnHead } from './train/learn.ts';
import { photoSets } from './train/photo-sets.ts';
import { type LearnedTop, learnTop } from './train/top.ts';
import { writeTrainingForm } from './train/training-form.ts';

/** Trains a classifier on the data set (P5-15) and writes its training form, its compiled form and the facts. */
export async function train(run: RunContext): Promise<StageResult> {
  const { options } = run;
  const pretrained = await openWeights(options.weights);
  return performStage(run, {
    name: 'train',
    inputs: {
      build: await outputsOf(run.folder, 'build'),
      weights: pretrained?.fingerprint ?? [options.architecture, options.width, options.inputSize],
      settings: settingsOf(options),
      fineTune: RECIPES[options.recipe].fineTune,
    },
    work: () => trainModel(run, pretrained),
  });
}

/** The options that change what is learned. */
function settingsOf(options: RunOptions): Partial<RunOptions> {
  const { recipe, seed, batchSize, epochs, learningRate, weightDecay, labelSmoothing, patience } = options;
  return { recipe, seed, batchSize, epochs, learningRate, weightDecay, labelSmoothing, patience };
}

async function trainModel(
  run: RunContext,
  pretrained: Pretrained | null,
): Promise<{ outputs: string[]; result: StageResult }> {
  const { folder, options, log } = run;
  const start = performance.now();
  const engine = await startEngine(options.engine);
  const dataSet = await readDataSet(folder);
  const backbone = pretrained ? await loadBackbone(pretrained.source) : randomBackbone(options);
  const { name, width, size } = backbone.spec;
  log.say(
    `train: ${ZOO[name].title} (width ${width}, ${size} px), ${dataSet.labels.length} classes, engine ${engine.name}`,
  );
  const { head, top, history, bestEpoch } = await learn(run, backbone, dataSet);
  const classifier = joinClassifier({ backbone, head, ...(top ? { top } : {}) });
  top?.dispose();
  const network = await compileNetwork(classifier, backbone.preprocessing);
  await writeAtomic(join(folder.root, MODEL_FILES.networkWeights), network.weights);
  await writeAtomic(join(folder.root, MODEL_FILES.network), JSON.stringify(network.file));
  await writeTrainingForm(folder, classifier);
  const parameters = classifier.countParams();
  classifier.dispose();
  backbone.model.dispose();
  const facts: TrainingFacts = {
    v: 1,
    recipe: options.recipe,
    architecture: { name, width, parameters },
    preprocessing: backbone.preprocessing,
    labels: await labelsOf(run, dataSet),
    weights: pretrained?.name ?? 'random',
    engine: engine.name,
    seconds: Math.round(performance.now() - start) / 1000,
    bestEpoch,
    history: [...history],
  };
  await writeAtomic(join(folder.root, MODEL_FILES.facts), `${JSON.stringify(facts, null, 2)}\n`);
  return { outputs: Object.values(MODEL_FILES), result: resultOf(facts) };
}

/** The head, then the top of the backbone too where the recipe says so. */
async function learn(
  run: RunContext,
  backbone: Backbone,
  dataSet: DataSet,
): Promise<Learned & Partial<LearnedTop>> {
  const sets = await photoSets(run, dataSet);
  const { fingerprint, ...data } = await featuresOf(run, backbone, sets);
  const first = await learnHead(run, data, dataSet.labels.length);
  const recipe = RECIPES[run.options.recipe].fineTune;
  if (recipe === null) return first;
  const second = await learnTop(run, { backbone, fingerprint, sets, head: first.head, recipe });
  return { ...second, history: [...first.history, ...second.history] };
}

function randomBackbone({ architecture, width, inputSize, seed }: RunOptions): Backbone {
  if (!isZooName(architecture)) {
    throw new OptionError(
      `--architecture: there is no network "${architecture}". There are: ${Object.keys(ZOO).join(', ')}`,
    );
  }
  return buildBackbone({ name: architecture, width, size: inputSize, batchNorm: true, seed });
}

/** What guests read for each output of the network; a merged class carries its note (P1-59). */
async function labelsOf(run: RunContext, dataSet: DataSet): Promise<ModelLabel[]> {
  const { mergeRules } = await readLibraryFile(run.folder);
  const notes = new Map(mergeRules.map((rule) => [rule.id, rule.note]));
  const classes = new Map(dataSet.classes.map((c) => [c.id, c]));
  return dataSet.labels.map((id) => {
    const { name = id, subClasses = [] } = classes.get(id) ?? {};
    return { id, name, subClasses: [...subClasses], note: notes.get(id) ?? '' };
  });
}

function resultOf({ engine, weights, bestEpoch, history, architecture }: TrainingFacts): StageResult {
  const last = history.at(-1);
  // Epoch 0 of the top is the head alone, which has no figures of its own.
  const best = history.findLast((h) => h.phase === last?.phase && h.epoch === bestEpoch);
  return {
    engine,
    weights,
    parameters: architecture.parameters,
    epochs: history.length,
    bestEpoch,
    accuracy: best?.accuracy ?? null,
    validationAccuracy: best?.validationAccuracy ?? null,
    validationLoss: best?.validationLoss ?? null,
  };
}
