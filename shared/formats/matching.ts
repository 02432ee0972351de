/** Finds the images that annotations speak of. */
import { foldPath } from '../archive/names.ts';
import { labelKey, MAX_NAME } from '../schema/names.ts';
import type { Part } from '../schema/dataset.ts';
import { FormatError, type Statement } from './format.ts';

/** What was said of an image. */
export interface ImageLabel {
  readonly name: string;
  readonly part: Part | null;
}

/** Something that could not be taken over, and why, in words for people. */
export interface FormatProblem {
  readonly file: string;
  readonly reason: string;
}

export interface Matched {
  /** By path of the image. */
  readonly labels: ReadonlyMap<string, ImageLabel>;
  /** Paths of images that an annotation names, labelled or not. */
  readonly named: ReadonlySet<string>;
  readonly problems: readonly FormatProblem[];
}

/** What an image was found to be called, and how well the name fits. */
interface Claim {
  readonly fit: number;
  readonly image: string;
  readonly labels: Set<string>;
  part: Part | null;
}

const EXACT = 1000;
const IMAGE = /\.(jpe?g|png|webp|gif|bmp|tiff?|heic|heif|avif)$/i;

/** Has it the extension of an image? */
export function isImageName(name: string): boolean {
  return IMAGE.test(name);
}

/**
 * Finds the image of each statement: by its whole path, from the annotation's folder or from the top, else the one
 * whose path ends most alike. Where two fit equally well none is taken; where two statements mean one image, the one
 * that fits better.
 * @param folder of the annotation, '' for the top
 */
export function matchImages(
  statements: readonly Statement[],
  images: readonly string[],
  folder: string,
): Matched {
  const find = finder(images, folder);
  const problems: FormatProblem[] = [];
  const claims = new Map<string, Claim>();
  for (const { image, also, labels, part } of statements) {
    let found = find(image);
    if (found === null && also !== undefined) found = find(also);
    if (found === null || found.path === null) {
      problems.push({ file: image, reason: found ? AMBIGUOUS : MISSING });
      continue;
    }
    const before = claims.get(found.path);
    if (before && before.fit > found.fit) problems.push({ file: image, reason: MISSING });
    else if (before?.fit === found.fit) {
      for (const label of labels) before.labels.add(label);
      before.part ??= part;
    } else {
      if (before) problems.push({ file: before.image, reason: MISSING });
      claims.set(found.path, { fit: found.fit, image, labels: new Set(labels), part });
    }
  }
  return { ...settle(claims, problems), named: new Set(claims.keys()), problems };
}

const MISSING = 'It has a label, but is not among the images.';
const AMBIGUOUS = 'Several images have this name, so none of them was labelled.';

function settle(claims: ReadonlyMap<string, Claim>, problems: FormatProblem[]): Pick<Matched, 'labels'> {
  const labels = new Map<string, ImageLabel>();
  for (const [path, claim] of claims) {
    try {
      const names = new Set([...claim.labels].map(labelName));
      const [name] = names;
      if (names.size > 1) throw new FormatError(severalLabels([...names]));
      if (name !== undefined) labels.set(path, { name, part: claim.part });
    } catch (cause) {
      if (!(cause instanceof FormatError)) throw cause;
      problems.push({ file: path, reason: cause.message });
    }
  }
  return { labels };
}

function severalLabels(names: readonly string[]): string {
  const some = names.slice(0, 3).map((name) => `“${name.slice(0, 40)}”`);
  return `It has several labels (${some.join(', ')}${names.length > 3 ? ' …' : ''}), so it was left without one.`;
}

/** A label as the library writes it. @throws FormatError for none, or one that is too long */
function labelName(text: string): string {
  const name = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (name === '') throw new FormatError('Its label is empty.');
  if (Math.max(name.length, labelKey(name).length) > MAX_NAME)
    throw new FormatError(`Its label is longer than ${String(MAX_NAME)} characters.`);
  return name;
}

interface Fit {
  readonly fit: number;
  /** null: several images fit. */
  readonly path: string | null;
}

/** Deepest ending of a path that is compared: archives allow no deeper folders. */
const MOST_PARTS = 8;

function finder(images: readonly string[], folder: string): (image: string) => Fit | null {
  const exact = new Map(images.map((path) => [foldPath(path), path]));
  const byEnding = endingsOf(images);
  return (image) => {
    const parts = partsOf(image);
    const beside = [...partsOf(folder), ...parts].join('/');
    const whole = exact.get(foldPath(beside)) ?? exact.get(foldPath(parts.join('/')));
    if (whole !== undefined) return { fit: EXACT, path: whole };
    for (let fit = Math.min(MOST_PARTS, parts.length); fit > 0; fit--) {
      const path = byEnding.get(foldPath(parts.slice(-fit).join('/')));
      if (path !== undefined) return { fit, path };
    }
    return null;
  };
}

/** The image of every ending of a path (`1.jpg`, `lion/1.jpg` …); null where several end so. */
function endingsOf(images: readonly string[]): ReadonlyMap<string, string | null> {
  const byEnding = new Map<string, string | null>();
  for (const path of images) {
    const parts = partsOf(foldPath(path)).slice(-MOST_PARTS);
    const name = parts.pop() ?? '';
    // Some lists leave the extension out.
    for (const last of new Set([name, name.replace(IMAGE, '')])) {
      let ending = last;
      for (let at = parts.length; at >= 0; at--) {
        byEnding.set(ending, byEnding.has(ending) ? null : path);
        ending = `${parts[at - 1] ?? ''}/${ending}`;
      }
    }
  }
  return byEnding;
}

/** Parts of a path as foreign programs write it: backslashes, "./", "C:", "https:". */
function partsOf(path: string): string[] {
  return path.split(/[/\\]+/).filter((part) => part !== '' && part !== '.' && part !== '..');
}
