/**
 * COCO, as JSON:
 *
 *     { images: [{ id, file_name, width, height }], categories: [{ id, name }],
 *       annotations: [{ id, image_id, category_id, bbox, area, iscrowd }] }
 *
 * An image's label is the category of its annotations; where they have different ones it gets none. Written with a box
 * around the whole image, in one file, or one for each part.
 * Source: https://cocodataset.org/#format-data
 */
import * as v from 'valibot';

import { parseJson } from '../schema/json.ts';
import { FormatError, type ForeignReader, type ForeignWriter, type PlacedPhoto } from './format.ts';
import { byPart, PART_FOLDER, partInName } from './parts.ts';

const Id = v.union([v.number(), v.string()]);
const CocoSchema = v.object({
  images: v.array(v.object({ id: Id, file_name: v.string() })),
  annotations: v.optional(v.array(v.object({ image_id: Id, category_id: Id })), []),
  categories: v.array(v.object({ id: Id, name: v.string() })),
});

export const cocoReader: ForeignReader = {
  format: 'coco',
  extensions: ['json'],
  read: ({ name, text }) => {
    const value = parseJson(text, name);
    if (!looksLikeCoco(value)) return null;
    const parsed = v.safeParse(CocoSchema, value);
    if (!parsed.success) throw new FormatError(`${name} is no whole COCO file: ${parsed.issues[0].message}`);
    const { images, annotations, categories } = parsed.output;
    const names = new Map(categories.map((category) => [category.id, category.name]));
    const labels = new Map<string | number, Set<string>>();
    for (const { image_id, category_id } of annotations) {
      const label = names.get(category_id);
      if (label === undefined) continue;
      const said = labels.get(image_id);
      if (said) said.add(label);
      else labels.set(image_id, new Set([label]));
    }
    const part = partInName(name);
    return images.map(({ id, file_name }) => ({
      image: file_name,
      labels: [...(labels.get(id) ?? [])],
      part,
    }));
  },
};

export const cocoWriter: ForeignWriter = {
  format: 'coco',
  losses: ['opinions', 'judgement', 'library'],
  unlabelled: true,
  paths: (photos) => photos.map(({ id, part }) => `${part ? PART_FOLDER[part] : 'images'}/${id}.png`),
  texts: (photos) => {
    const categories = [...new Set(photos.flatMap(({ label }) => (label === null ? [] : [label])))];
    return byPart(photos).map(([part, list]) => ({
      name: `annotations/${part ? PART_FOLDER[part] : 'instances'}.json`,
      text: JSON.stringify(cocoOf(list, categories)),
    }));
  },
};

function looksLikeCoco(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { images, categories } = value as Record<string, unknown>;
  return Array.isArray(images) && Array.isArray(categories);
}

function cocoOf(photos: readonly PlacedPhoto[], labels: readonly string[]): object {
  const ids = new Map(labels.map((label, i) => [label, i + 1]));
  return {
    info: { description: 'Exported by Menagerie' },
    images: photos.map(({ path, size }, i) => ({ id: i + 1, file_name: path, width: size, height: size })),
    categories: labels.map((name, i) => ({ id: i + 1, name })),
    annotations: photos.flatMap(({ label, size }, i) => {
      if (label === null) return [];
      const box = { bbox: [0, 0, size, size], area: size * size, iscrowd: 0, segmentation: [] };
      return [{ id: i + 1, image_id: i + 1, category_id: ids.get(label) ?? 0, ...box }];
    }),
  };
}
