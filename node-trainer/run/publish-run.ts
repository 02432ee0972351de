import { join } from 'node:path';

import { type Published, publishVersion } from '../store/publish.ts';
import { completeCard, EXPORT_FOLDER } from './card-draft.ts';
import { runFolder } from './run-folder.ts';
import { outputsOf } from './stage.ts';

/**
 * Publishes what the stage `export` of a run gathered as the next version of a model store.
 * @throws StageMissing where the run is not finished, and what `publishVersion` throws
 */
export async function publishRun(run: string, models: string): Promise<Published> {
  const folder = runFolder(run);
  await outputsOf(folder, 'export');
  return publishVersion({
    store: models,
    files: join(folder.root, EXPORT_FOLDER),
    card: (given) => completeCard(folder, given),
  });
}
