import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { parseJson } from '#shared/schema/json.ts';

import { isS3 } from '../io/s3-place.ts';
import type { RunContext } from './context.ts';
import { type Listener, openLog } from './log.ts';
import { OptionError } from './option-kinds.ts';
import { givenOptions, type OptionSources, resolveOptions } from './options.ts';
import { readRunFile, type RunFile, writeRunFile } from './run-file.ts';
import { createRunFolder, runFolder } from './run-folder.ts';
import { readTargets } from './targets.ts';

/** What a call of `menagerie run`, or of one stage, says about its run. */
export interface RunRequest {
  /** The run folder. */
  readonly run: string;
  readonly library?: string | undefined;
  /** Model store to compare with and to publish to. */
  readonly models?: string | undefined;
  /** Targets file of the release gate. */
  readonly targets?: string | undefined;
  /** Settings given as flags, by the names of the options table. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of a JSON file with settings. */
  readonly config?: string | undefined;
  /** Go on with a run: settings that are not given again are those of its first call. */
  readonly resume: boolean;
  readonly listener: Listener;
}

/**
 * Opens or creates a run folder and settles its options.
 * @throws OptionError for a setting that can't be, or `resume` without a run; RecordError for a wrong targets file
 */
export async function openRun(request: RunRequest): Promise<RunContext> {
  const folder = runFolder(request.run);
  const before = await readRunFile(folder);
  if (request.resume && !before) {
    throw new OptionError(`--resume: there is no run in ${folder.root}. Leave --resume out to begin one.`);
  }
  const file = request.config === undefined ? null : await readConfig(request.config);
  const earlier = request.resume && before ? { name: folder.runFile, values: before.options } : null;
  const sources: OptionSources = {
    flags: request.flags,
    environment: request.environment,
    file: file ?? earlier,
  };
  const options = resolveOptions(sources);
  const places = placesOf(request, before);
  // A wrong targets file is told before hours of training, not after them.
  if (request.models !== undefined || request.targets !== undefined) await readTargets(places);
  await createRunFolder(folder);
  const given = givenNames(sources, file === null ? earlier && before : null);
  await writeRunFile(folder, { ...places, options, given, before });
  return { folder, options, given: new Set(given), ...places, log: openLog(folder.log, request.listener) };
}

/** A run that is gone on with was given what its first call was; one of before this was noted, all of it. */
function givenNames(sources: OptionSources, earlier: RunFile | null): string[] {
  if (!earlier?.given) return givenOptions(sources);
  return [...new Set([...givenOptions({ ...sources, file: null }), ...earlier.given])];
}

/** The library of a run stays; its store and targets only where the run is gone on with. */
function placesOf(
  { library, models, targets, resume }: RunRequest,
  before: RunFile | null,
): Pick<RunFile, 'library' | 'models' | 'targets'> {
  const place = (given: string | undefined, earlier: string | null): string | null =>
    given === undefined ? earlier : isS3(given) ? given : resolve(given);
  return {
    library: place(library, before?.library ?? null),
    models: place(models, resume ? (before?.models ?? null) : null),
    targets: place(targets, resume ? (before?.targets ?? null) : null),
  };
}

async function readConfig(path: string): Promise<OptionSources['file']> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new OptionError(`--config: there is no file ${path}.`);
  });
  const values = parseJson(text, path);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new OptionError(`--config: ${path} must hold one JSON object with options and their values.`);
  }
  return { name: path, values: values as Record<string, unknown> };
}
