/**
 * An image project of Teachable Machine: "Download project as file" gives a `.tm`, which is a zip of
 *
 *     manifest.json                  { type: "image", version: "2.4.4", appdata: { … } }
 *     red panda-!-0.jpg              <class>-!-<number>, all at the top
 *
 * "Download samples" of one class gives `<class>-samples.zip` with its images and nothing else.
 *
 * Only read: which files it takes back is written down nowhere; class folders can be dropped onto its classes one by one.
 * Sources: googlecreativelab/teachablemachine-community issue 38 (a `.tm` is a zip of the project with its labels);
 * MeemeeLab/TeachableMachine-Scraper `src/Class/TMPacker.js` (names and manifest, written for Teachable Machine).
 */
import { parseJson } from '../schema/json.ts';
import { FormatError, type ForeignReader, type Statement } from './format.ts';

export const teachableMachineReader: ForeignReader = {
  format: 'teachable-machine',
  extensions: ['json'],
  read: ({ name, text }, images) => {
    if (!/(^|\/)manifest\.json$/.test(name)) return null;
    const folder = name.slice(0, -'manifest.json'.length);
    const value = parseJson(text, name);
    if (typeof value !== 'object' || value === null || !('appdata' in value) || !('type' in value))
      return null;
    if (value.type !== 'image') throw new FormatError('This Teachable Machine project is not one of images.');
    return images.flatMap((image): Statement[] => {
      const label = image.startsWith(folder)
        ? /^([^/]+)-!-\d+\.[^./]+$/.exec(image.slice(folder.length))
        : null;
      return label?.[1] === undefined ? [] : [{ image, labels: [label[1]], part: null }];
    });
  },
};

/**
 * The class that a zip of samples is named after (" (1)" is a browser's); null for another zip.
 * @param images paths in it
 */
export function classOfSamples(zip: string, images: readonly string[]): string | null {
  const label = /^(.+)-samples(?: ?\(\d{1,4}\))?\.zip$/i.exec(zip)?.[1] ?? null;
  return images.every((path) => !path.includes('/')) ? label : null;
}
