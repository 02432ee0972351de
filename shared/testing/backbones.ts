import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { LayersModelFiles } from '../model/weights.ts';

/** Pretrained weights for trying; not part of the repository. */
const BACKBONES = resolve(import.meta.dirname, '../../../shared/data/backbones');
export const hasBackbones = existsSync(BACKBONES);

export function backboneSource(name: string): LayersModelFiles {
  const folder = join(BACKBONES, name);
  return {
    modelJson: JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as unknown,
    loadFile: (path) => readFile(join(folder, path)),
  };
}
