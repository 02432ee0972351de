import { join } from 'node:path';

import { joinClassifier } from '#shared/model/classifier.ts';
import { compileNetwork } from '#shared/model/compile.ts';
import { prepareTrainingKernels } from '#shared/model/kernels/register.ts';
import { loadBackbone } from '#shared/model/transfer.ts';
import { type Backbone, buildBackbone } from '#shared/model/zoo.ts';
import { isZooName, ZOO } from '#shared/model/zoo/table.ts';
import type { DataSet } from '#shared/schema/dataset.ts';
import type { ModelLabel } from '#shared/schema/model.ts';
import type { TrainingFacts } from '#shared/schema/training.ts';

import { startEngine } from '../engines/engine.ts';
import { writeAtomic } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { MODEL_FILES } from '../run/model-files.ts';
import { flopOfRun } from '../run/no-flop.ts';
import { AS_NETWORK, OptionError } from '../run/option-kinds.ts';
import type { RunOptions } from '../run/options.ts';
import { readDataSet, readLibraryFile } from '../run/photos.ts';
import { RECIPES } from '../run/recipes.ts';
import { settlePhases } from '../run/settle-phases.ts';
import { outputsOf, performStage } from '../run/stage.ts';
import { openWeights, type Pretrained } from '../run/weights-source.ts';
import { openCheckpoints, type PhaseEnd } from './train/checkpoints.ts';
import { photoSets } from './train/photo-sets.ts';
import { runPhases } from './train/run-phases.ts';
import { refuseConstant } from './train/sanity.ts';
import { writeTrainingForm } from './train/training-form.ts';

/** Trains a classifier on the data set (P5-15) and writes its training form, its compiled form and the facts. */
export async function train(run: RunContext): Promise<StageResult> {
  const { options } = run;
  const pretrained = await openBase(run);
  const inputs = {
    build: await outputsOf(run.folder, 'build'),
    weights: pretrained?.fingerprint ?? [options.architecture, options.width],
    inputSize: options.inputSize,
    phases: settlePhases(options),
    finalBlocks: options.finalBlocks,
    flop: await flopOfRun(run),
  };
  return performStage(run, { name: 'train', inputs, work: () => trainModel(run, pretrained, inputs) });
}

/**
 * Weights that the recipe begins with; null: random ones.
 * @throws OptionError where the settings do not fit the recipe
 */
async function openBase({ options, models, log }: RunContext): Promise<Pretrained | null> {
  const { recipe, weights } = options;
  const { base } = RECIPES[recipe];
  const none = weights === 'none' || weights === 'random';
  if (base === 'random' && !none) {
    throw new OptionError(
      `--recipe ${recipe} begins with random weights: leave out --weights, or take another recipe.`,
    );
  }
  return openWeights(base === 'newest' && none ? 'latest' : weights, {
    models,
    architecture: options.architecture,
    width: options.width,
    size: sizeOf(options),
    say: log.say,
  });
}

async function trainModel(
  run: RunContext,
  pretrained: Pretrained | null,
  inputs: Readonly<Record<string, unknown>>,
): Promise<{ outputs: string[]; result: StageResult }> {
  const { folder, options, log } = run;
  const start = performance.now();
  const engine = await startEngine(options.engine);
  prepareTrainingKernels();
  const dataSet = await readDataSet(folder);
  const backbone = pretrained
    ? await loadBackbone(pretrained.source, { size: sizeOf(options), canonical: await canonicalSize(run) })
    : randomBackbone(options);
  const { name, width, size } = backbone.spec;
  log.say(
    `train: ${ZOO[name].title} (width ${width}, ${size} px), ${dataSet.labels.length} classes, engine ${engine.name}`,
  );
  const { head, phases } = await learn(run, backbone, dataSet, inputs);
  const classifier = joinClassifier({ backbone, head });
  backbone.model.dispose();
  const network = await compileNetwork(classifier, backbone.preprocessing);
  await refuseConstant(run, dataSet, network);
  await writeAtomic(join(folder.root, MODEL_FILES.networkWeights), network.weights);
  await writeAtomic(join(folder.root, MODEL_FILES.network), JSON.stringify(network.file));
  await writeTrainingForm(folder, classifier, { name, width });
  const parameters = classifier.countParams();
  classifier.dispose();
  const facts: TrainingFacts = {
    v: 2,
    recipe: options.recipe,
    architecture: { name, width, parameters },
    preprocessing: backbone.preprocessing,
    labels: await labelsOf(run, dataSet),
    weights: pretrained?.name ?? 'random',
    engine: engine.name,
    seconds: Math.round(performance.now() - start) / 1000,
    trainingSeconds: phases.reduce((sum, phase) => sum + phase.seconds, 0),
    bestEpoch: phases.at(-1)?.bestEpoch ?? 0,
    phases: [...phases],
    history: phases.flatMap((phase) => phase.history.map((epoch) => ({ phase: phase.name, ...epoch }))),
  };
  await writeAtomic(join(folder.root, MODEL_FILES.facts), `${JSON.stringify(facts, null, 2)}\n`);
  return { outputs: Object.values(MODEL_FILES), result: resultOf(facts) };
}

async function learn(
  run: RunContext,
  backbone: Backbone,
  dataSet: DataSet,
  inputs: Readonly<Record<string, unknown>>,
): Promise<PhaseEnd> {
  const { options, folder } = run;
  const phases = settlePhases(options);
  const training = sha256(new TextEncoder().encode(JSON.stringify(inputs)));
  const finalBlocks = finalBlocksOf(options, backbone);
  return runPhases(run, {
    backbone,
    finalBlocks,
    sets: await photoSets(run, dataSet),
    classes: dataSet.labels.length,
    phases,
    checkpoints: await openCheckpoints(join(folder.model, 'checkpoints'), training),
  });
}

function finalBlocksOf({ finalBlocks }: RunOptions, { spec, blocks }: Backbone): number {
  const { title, finalBlocks: known } = ZOO[spec.name];
  const most = blocks.length - 1;
  if (finalBlocks === AS_NETWORK) return known;
  if (finalBlocks <= most) return finalBlocks;
  throw new OptionError(
    `--final-blocks ${finalBlocks}: of ${title}, at most ${most} blocks can be the final ones`,
  );
}

function randomBackbone(options: RunOptions): Backbone {
  const { architecture: name, width, seed } = options;
  if (!isZooName(name)) {
    throw new OptionError(
      `--architecture: there is no network "${name}". There are: ${Object.keys(ZOO).join(', ')}`,
    );
  }
  return buildBackbone({ name, width, size: sizeOf(options) ?? ZOO[name].size, batchNorm: true, seed });
}

async function canonicalSize({ folder }: RunContext): Promise<number> {
  return (await readLibraryFile(folder)).canonicalSize;
}

/** The input size that was asked for. */
function sizeOf({ inputSize }: RunOptions): number | undefined {
  return inputSize === AS_NETWORK ? undefined : inputSize;
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

function resultOf({
  engine,
  weights,
  bestEpoch,
  phases,
  architecture,
  trainingSeconds,
}: TrainingFacts): StageResult {
  // A last phase that brought nothing leaves the model as the one before it made it.
  const decisive = phases.findLast((phase) => phase.bestEpoch > 0);
  const best = decisive?.history.find((h) => h.epoch === decisive.bestEpoch);
  return {
    engine,
    weights,
    parameters: architecture.parameters,
    epochs: phases.reduce((sum, phase) => sum + phase.history.length, 0),
    bestEpoch,
    trainingSeconds,
    accuracy: best?.accuracy ?? null,
    validationAccuracy: best?.validationAccuracy ?? null,
    validationLoss: best?.validationLoss ?? null,
  };
}
