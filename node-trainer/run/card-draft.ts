import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseJson } from '#shared/schema/json.ts';
import { type ModelCard, modelCardRecord } from '#shared/schema/model.ts';

import type { RunFolder } from './run-folder.ts';

/** Everything of a version folder but its card, relative to the run folder. */
export const EXPORT_FOLDER = 'model/export';
export const CARD_DRAFT = 'model/card-draft.json';

/** A model card before publishing gives it its number and date. */
export type CardDraft = Omit<ModelCard, 'version' | 'publishedAt'>;

/** Reads the draft and makes it a card. */
export async function completeCard(
  folder: RunFolder,
  given: { readonly version: number; readonly publishedAt: string },
): Promise<ModelCard> {
  const path = join(folder.root, CARD_DRAFT);
  const draft = parseJson(await readFile(path, 'utf8'), path);
  return modelCardRecord.read({ ...(draft as object), ...given }, path);
}
