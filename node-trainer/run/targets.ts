import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DEFAULT_TARGETS, type Targets, targetsRecord } from '#shared/schema/gate.ts';
import { parseJson } from '#shared/schema/json.ts';

import { OptionError } from './option-kinds.ts';

/** Targets of everything that is published into a store. */
const STORE_TARGETS = 'targets.json';

/**
 * The release gate's targets: of the file that is named, else of `targets.json` in the model store, else the defaults.
 * @throws OptionError where the named file is missing; RecordError, JsonError naming the file and the path inside it
 */
export async function readTargets({
  targets,
  models,
}: {
  readonly targets: string | null;
  readonly models: string | null;
}): Promise<Targets> {
  const path = targets ?? (models === null ? null : join(models, STORE_TARGETS));
  if (path === null) return DEFAULT_TARGETS;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) return targetsRecord.read(parseJson(text, path), path);
  if (targets !== null) throw new OptionError(`--targets: there is no file ${targets}.`);
  return DEFAULT_TARGETS;
}
