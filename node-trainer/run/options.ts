import { DEFAULT_DATA_SET_OPTIONS, THROW_AWAY_MINIMUM, type DataSetOptions } from '#shared/schema/dataset.ts';
import { DEFAULT_THRESHOLD } from '#shared/schema/names.ts';

import {
  AS_NETWORK,
  AS_RECIPE,
  number,
  numberIn,
  numberOr,
  onOff,
  type Option,
  OptionError,
  text,
  wholeNumber,
  wholeNumberIn,
} from './option-kinds.ts';
import { AUGMENT_SETTINGS } from './augmentations.ts';
import { isRecipe, type RecipeName, RECIPES } from './recipes.ts';

const anyText = (value: string): value is string => value.length > 0;
const aSplit = (value: string): value is string => splitOf(value) !== null;
const recipeNames = Object.keys(RECIPES).join(', ');

/** Every setting of a run. A flag wins over the environment, that over the config file, that over the default. */
export const OPTIONS = {
  recipe: text<RecipeName>(isRecipe, `one of ${recipeNames}`, {
    flag: '--recipe <name>',
    env: 'RECIPE',
    fallback: 'head-only',
    meaning: `how to train: ${recipeNames}`,
  }),
  weights: text(anyText, 'imagenet, a file, folder, address or version, or "none"', {
    flag: '--weights <source>',
    env: 'WEIGHTS',
    fallback: 'none',
    meaning:
      'pretrained backbone: imagenet, a file, its folder or address, a version of the store or "latest"; "none": random weights',
  }),
  architecture: text(anyText, 'a name of the model zoo', {
    flag: '--architecture <name>',
    env: 'ARCHITECTURE',
    fallback: 'mobilenet-v2',
    meaning: 'network of the zoo; only asked for with random weights or imagenet',
  }),
  width: number(0.1, 4, {
    flag: '--width <factor>',
    env: 'NETWORK_WIDTH',
    fallback: 1,
    meaning: 'width multiplier of the network; only asked for with random weights or imagenet',
  }),
  inputSize: numberOr(AS_NETWORK, wholeNumberIn(32, 1024), {
    flag: '--input-size <px>',
    env: 'INPUT_SIZE',
    meaning:
      'edge of the square the network looks at; by default the one that its weights were made for, a third larger for weights that have not met letterboxed photos',
  }),
  engine: text(anyText, 'the name of an engine', {
    flag: '--engine <name>',
    env: 'ENGINE',
    fallback: 'auto',
    meaning: 'tensorflow, webgpu, wasm or cpu; auto takes the first that works',
  }),
  seed: wholeNumber(0, 0xffffffff, {
    flag: '--seed <n>',
    env: 'SEED',
    fallback: DEFAULT_DATA_SET_OPTIONS.seed,
    meaning:
      'start of every random choice: the same seed gives the same data set and, on one engine, the same model',
  }),
  batchSize: numberOr(AS_RECIPE, wholeNumberIn(1, 4096), {
    flag: '--batch-size <n>',
    env: 'BATCH_SIZE',
    meaning: 'photos in one step of training',
  }),
  epochs: numberOr(AS_RECIPE, wholeNumberIn(1, 10_000), {
    flag: '--epochs <n>',
    env: 'NUM_EPOCHS',
    meaning: "most rounds over the training set in the recipe's last phase; it may stop earlier",
  }),
  learningRate: numberOr(AS_RECIPE, numberIn(1e-7, 10), {
    flag: '--learning-rate <step>',
    env: 'LEARNING_RATE',
    meaning: "size of a step in the recipe's last phase",
  }),
  weightDecay: numberOr(AS_RECIPE, numberIn(0, 10), {
    flag: '--weight-decay <pull>',
    env: 'WEIGHT_DECAY',
    meaning:
      "pull of the weights towards 0 in the recipe's last phase: more of it makes the model less sure of itself",
  }),
  patience: numberOr(AS_RECIPE, wholeNumberIn(1, 10_000), {
    flag: '--patience <n>',
    env: 'PATIENCE',
    meaning: "rounds without a better validation loss after which the recipe's last phase ends",
  }),
  finalBlocks: numberOr(AS_NETWORK, wholeNumberIn(1, 100), {
    flag: '--final-blocks <n>',
    env: 'FINAL_BLOCKS',
    meaning:
      'how many of the last blocks the second stage trains; by default the whole final stage of the network',
  }),
  findRate: onOff({
    flag: '--find-rate',
    env: 'FIND_RATE',
    fallback: false,
    meaning: "look for the learning rate of the recipe's last phase first, and take it",
  }),
  ...AUGMENT_SETTINGS,
  labelSmoothing: number(0, 0.5, {
    flag: '--label-smoothing <share>',
    env: 'LABEL_SMOOTHING',
    fallback: 0,
    meaning: 'share of the target that is spread over all classes: the model is less sure of itself',
  }),
  dropout: number(0, 0.9, {
    flag: '--dropout <share>',
    env: 'DROPOUT',
    fallback: 0,
    meaning: 'share of the features that is left out at random in each step before the head',
  }),
  mixup: number(0, 4, {
    flag: '--mixup <alpha>',
    env: 'MIXUP',
    fallback: 0,
    meaning: 'photos are blended in pairs, their labels too; 0.2 blends a little, 0 not at all',
  }),
  classWeights: onOff({
    flag: '--class-weights',
    env: 'CLASS_WEIGHTS',
    fallback: false,
    meaning: 'photos of rare classes count more, up to four times the mean',
  }),
  minimum: wholeNumber(1, 1_000_000, {
    flag: '--minimum <n>',
    env: 'MIN_IMAGES',
    fallback: DEFAULT_DATA_SET_OPTIONS.minimum,
    meaning: 'photos a class needs to be in the model',
  }),
  maximum: wholeNumber(1, 1_000_000, {
    flag: '--maximum <n>',
    env: 'MAX_IMAGES',
    fallback: DEFAULT_DATA_SET_OPTIONS.maximum,
    meaning:
      'most photos of a class in training and validation together; real ones beyond it become test photos',
  }),
  stagedCap: wholeNumber(0, 1_000_000, {
    flag: '--staged-cap <n>',
    env: 'STAGED_CAP',
    fallback: DEFAULT_DATA_SET_OPTIONS.stagedCap,
    meaning: 'staged, then synthetic photos fill a class up to this many in total',
  }),
  split: text(aSplit, 'three shares that add up to 100, such as 80-10-10', {
    flag: '--split <t-v-t>',
    env: 'SPLIT',
    fallback: '90-10-0',
    meaning: 'shares of training, validation and test in percent',
  }),
  duplicateDistance: wholeNumber(0, 16, {
    flag: '--duplicate-distance <bits>',
    env: 'DUPLICATE_DISTANCE',
    fallback: DEFAULT_DATA_SET_OPTIONS.duplicateDistance,
    meaning: 'photos whose perceptual hashes differ in at most this many of 64 bits are near-duplicates',
  }),
  threshold: number(0, 1, {
    flag: '--threshold <score>',
    env: 'THRESHOLD',
    fallback: DEFAULT_THRESHOLD,
    meaning: 'score at or above which the model gives an answer',
  }),
  confused: text(anyText, 'a JSON file or "library"', {
    flag: '--confused <file>',
    env: 'CONFUSED_TABLE',
    fallback: 'library',
    meaning: 'commonly-confused table behind the weighted log loss: a JSON file, or "library" for its own',
  }),
  throwAway: onOff({
    flag: '--throw-away',
    env: 'THROW_AWAY',
    fallback: false,
    meaning: `a run with a minimum of ${THROW_AWAY_MINIMUM}: it can identify, it can never be published`,
  }),
} as const satisfies Record<string, Option<unknown>>;

type Table = typeof OPTIONS;
export type OptionName = keyof Table;
export type RunOptions = { readonly [K in OptionName]: ReturnType<Table[K]['read']> };

/** Where values may come from, strongest first. */
export interface OptionSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What a config file holds, and its name for messages. */
  readonly file: { readonly name: string; readonly values: Readonly<Record<string, unknown>> } | null;
}

/**
 * Settles every option (P5-45, P5-46).
 * @throws OptionError naming the option, where its value came from and what was expected
 */
export function resolveOptions(sources: OptionSources): RunOptions {
  refuseUnknown(sources.file);
  const values = Object.entries(OPTIONS).map(
    ([name, option]) => [name, settle(name, option, sources)] as const,
  );
  return Object.fromEntries(values) as RunOptions;
}

/** Names of the settings that somebody gave a value, the usual one or another. */
export function givenOptions(sources: OptionSources): OptionName[] {
  return Object.entries(OPTIONS)
    .filter(([name, option]) => givenValue(name, option, sources) !== null)
    .map(([name]) => name as OptionName);
}

/** The data-set knobs of a run; a throw-away run lowers the minimum (P2-05). */
export function dataSetOptions(options: RunOptions): DataSetOptions {
  const split = splitOf(options.split) ?? DEFAULT_DATA_SET_OPTIONS.split;
  const { maximum, stagedCap, seed, duplicateDistance } = options;
  const minimum = options.throwAway ? Math.min(options.minimum, THROW_AWAY_MINIMUM) : options.minimum;
  return { minimum, maximum, stagedCap, split, seed, duplicateDistance };
}

function settle(name: string, option: Option<unknown>, sources: OptionSources): unknown {
  const given = givenValue(name, option, sources);
  return given ? readFrom(given.where, option, given.value) : option.fallback;
}

/** What the strongest source says; null where none does. */
function givenValue(
  name: string,
  option: Option<unknown>,
  { flags, environment, file }: OptionSources,
): { readonly where: string; readonly value: unknown } | null {
  const flag = option.flag.split(' ')[0] ?? option.flag;
  if (flags[name] !== undefined) return { where: flag, value: flags[name] };
  // An empty variable is how a container says "not set".
  const variable = environment[option.env];
  if (variable !== undefined && variable !== '')
    return { where: `the variable ${option.env}`, value: variable };
  const stored = file && Object.hasOwn(file.values, name) ? file.values[name] : undefined;
  return file && stored !== undefined ? { where: `"${name}" in ${file.name}`, value: stored } : null;
}

function readFrom(where: string, option: Option<unknown>, value: unknown): unknown {
  try {
    return option.read(value);
  } catch (error) {
    if (error instanceof OptionError) throw new OptionError(`${where}: ${error.message}`);
    throw error;
  }
}

function refuseUnknown(file: OptionSources['file']): void {
  const stranger = Object.keys(file?.values ?? {}).find((name) => !Object.hasOwn(OPTIONS, name));
  if (file && stranger !== undefined) {
    throw new OptionError(
      `${file.name}: there is no option "${stranger}". There are: ${Object.keys(OPTIONS).join(', ')}`,
    );
  }
}

function splitOf(value: string): DataSetOptions['split'] | null {
  const shares = /^(\d{1,3})-(\d{1,3})-(\d{1,3})$/.exec(value)?.slice(1).map(Number);
  const [training = 0, validation = 0, test = 0] = shares ?? [];
  return training + validation + test === 100 ? { training, validation, test } : null;
}
