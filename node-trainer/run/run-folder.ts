import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { PHOTOS_FILE, LIBRARY_FILE } from '#shared/archive/layout.ts';

/** Places inside a run folder (design §4). All paths are absolute. */
export interface RunFolder {
  readonly root: string;
  /** What the run was asked to do, and on which machine. */
  readonly runFile: string;
  /** `<stage>.json`, written last: what says that a stage is done. */
  readonly stages: string;
  /** Canonical images, laid out as in an export (P5-02, P5-07). */
  readonly photos: string;
  readonly photosFile: string;
  readonly libraryFile: string;
  readonly dataSetFile: string;
  readonly model: string;
  readonly scores: string;
  readonly report: string;
  readonly identify: string;
  readonly log: string;
}

/** Names the places of a run folder; creates nothing. */
export function runFolder(path: string): RunFolder {
  const root = resolve(path);
  const at = (name: string): string => join(root, name);
  return {
    root,
    runFile: at('run.json'),
    stages: at('stages'),
    photos: at('photos'),
    photosFile: at(join('photos', PHOTOS_FILE)),
    libraryFile: at(join('photos', LIBRARY_FILE)),
    dataSetFile: at('dataset.json'),
    model: at('model'),
    scores: at('scores'),
    report: at('report'),
    identify: at('identify'),
    log: at('run.log'),
  };
}

/** Creates the folders of a run where they are missing. */
export async function createRunFolder(folder: RunFolder): Promise<void> {
  const { stages, photos, model, scores, report, identify } = folder;
  for (const path of [stages, photos, model, scores, report, identify])
    await mkdir(path, { recursive: true });
}
