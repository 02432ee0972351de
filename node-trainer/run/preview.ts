import { join } from 'node:path';

import { labelFolder } from '#shared/archive/layout.ts';
import { type ClassMap, resolveClasses } from '#shared/dataset/classes.ts';
import { createRandom, previewOrder } from '#shared/dataset/random.ts';
import { describeAugmentation } from '#shared/image/augment-draw.ts';
import { contactSheet } from '#shared/image/contact-sheet.ts';
import { variationsOf } from '#shared/image/variations.ts';
import { NO_AUGMENTATION } from '#shared/schema/augment.ts';
import { type LabelId, labelKey } from '#shared/schema/names.ts';

import { writeAtomic } from '../io/atomic.ts';
import { decodeImage, encodePng } from '../io/images.ts';
import type { Library } from '../library/library.ts';
import { openLibrary } from '../library/open-library.ts';
import type { Problem } from '../library/problem.ts';
import { type AugmentSettings, augmentationOf } from './augmentations.ts';
import { classesWithFlop } from './no-flop.ts';
import { OptionError } from './option-kinds.ts';
import { type ClassOf, lookThrough, type Seen } from './preview-photos.ts';
import type { SmallPhoto } from './small-pictures.ts';

export interface PreviewRequest {
  /** A library in any of its forms. */
  readonly library: string;
  /** Folder for the sheets. */
  readonly out: string;
  /** Only this class or sub-class; null: all. */
  readonly only: string | null;
  /** Photos a class. */
  readonly count: number;
  readonly settings: AugmentSettings;
  readonly seed: number;
  readonly onProgress: (done: number, total: number) => void;
}

/** One contact sheet. */
interface Sheet {
  readonly class: LabelId;
  /** Name of its PNG. */
  readonly file: string;
  readonly flop: boolean;
  /** From top to bottom: the photo, and what was done to it in each column behind it. */
  readonly rows: readonly { readonly fileName: string; readonly variations: readonly string[] }[];
}

export interface Preview {
  readonly sheets: readonly Sheet[];
  /** Photos of the classes that are not made smaller. */
  readonly small: readonly SmallPhoto[];
  /** Photos that can't be used. */
  readonly problems: readonly Problem[];
}

/**
 * Shows how photos are varied in training, by training's own code: one contact sheet a class, each row a photo and its
 * variations, and everything in words in `preview.json`.
 * @throws LibraryError, MergeRuleError; OptionError for a class that does not exist
 */
export async function previewAugmentation(request: PreviewRequest): Promise<Preview> {
  const library = await openLibrary(request.library);
  try {
    const { subClasses, mergeRules } = library.file;
    const map = resolveClasses(subClasses, mergeRules);
    const flop = classesWithFlop(map.classes, subClasses, request.settings.noFlop);
    const { seen, problems } = await lookThrough(
      library,
      wanted(map, library, request.only),
      request.onProgress,
    );
    const sheets: Sheet[] = [];
    for (const { id } of map.classes) {
      const photos = chosen(seen, id, request);
      if (photos.length > 0) sheets.push(await drawSheet(id, photos, flop.has(id), request));
    }
    const preview: Preview = { sheets, small: seen.flatMap((s) => s.small ?? []), problems };
    await writeAtomic(join(request.out, 'preview.json'), `${JSON.stringify(preview, null, 2)}\n`);
    return preview;
  } finally {
    await library.close();
  }
}

/** The class of a photo where it, or its sub-class, is the one that was asked for. */
function wanted({ classes, classOf }: ClassMap, { file }: Library, only: string | null): ClassOf {
  const key = only === null ? null : labelKey(only);
  const names = [...classes.map((c) => c.id), ...file.subClasses.map((s) => s.id)];
  if (key !== null && !names.includes(key)) {
    throw new OptionError(
      `--class: there is no class or sub-class "${key}". There are: ${[...new Set(names)].join(', ')}`,
    );
  }
  return ({ label }) => {
    if (label?.kind !== 'sub-class') return undefined;
    const id = classOf(label.id);
    return key === null || key === id || key === label.id ? id : undefined;
  };
}

function chosen(seen: readonly Seen[], id: LabelId, { seed, count }: PreviewRequest): Seen[] {
  const own = seen.filter((s) => s.class === id);
  return previewOrder(own, (s) => s.photo.id, seed).slice(0, count);
}

async function drawSheet(
  id: LabelId,
  photos: readonly Seen[],
  flop: boolean,
  { settings, seed, out }: PreviewRequest,
): Promise<Sheet> {
  const options = augmentationOf(settings) ?? NO_AUGMENTATION;
  const random = createRandom(seed);
  const rows = [];
  for (const { item, photo, small } of photos) {
    const image = await decodeImage((await item.load()).png);
    const { plain, varied } = variationsOf(image, options, random, { flop, zoomOut: small === null });
    rows.push({
      fileName: photo.fileName,
      pictures: [plain, ...varied.map((v) => v.picture)],
      variations: varied.map((v) => describeAugmentation(v.drawn)),
    });
  }
  const file = `${labelFolder(id)}.png`;
  await writeAtomic(join(out, file), await encodePng(contactSheet(rows.map((r) => r.pictures))));
  return { class: id, file, flop, rows: rows.map(({ fileName, variations }) => ({ fileName, variations })) };
}
