/**
 * "CVAT for images 1.1", as XML:
 *
 *     <annotations><version>1.1</version>
 *       <image id="0" name="images/<photo>.png" width="299" height="299" subset="train">
 *         <tag label="red panda" source="manual"></tag>
 *       </image>
 *     </annotations>
 *
 * An image's label is that of its tags; where it has none, that of its boxes and outlines, if all have the same.
 * Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
 */
import { Parser } from 'htmlparser2';

import { FormatError, type ForeignReader, type ForeignWriter, type Statement } from './format.ts';
import { PART_FOLDER, partOf } from './parts.ts';

const SHAPES = new Set(['box', 'polygon', 'polyline', 'points', 'ellipse', 'cuboid', 'mask', 'skeleton']);

export const cvatReader: ForeignReader = {
  format: 'cvat',
  extensions: ['xml'],
  read: ({ name, text }) => {
    const found = parseCvat(text);
    if (found === 'foreign') return null;
    if (found === 'cut') throw new FormatError(`${name} ends in the middle, or is damaged.`);
    return found;
  },
};

export const cvatWriter: ForeignWriter = {
  format: 'cvat',
  losses: ['opinions', 'judgement', 'library'],
  unlabelled: true,
  paths: (photos) => photos.map(({ id }) => `images/${id}.png`),
  texts: (photos) => {
    const labels = [...new Set(photos.flatMap(({ label }) => (label === null ? [] : [label])))];
    const images = photos.map(({ path, label, part, size }, i) => {
      const subset = part ? ` subset="${PART_FOLDER[part]}"` : '';
      const tag = label === null ? '' : `\n    <tag label="${escaped(label)}" source="manual"></tag>`;
      const edge = `width="${String(size)}" height="${String(size)}"`;
      return `  <image id="${String(i)}" name="${escaped(path)}"${subset} ${edge}>${tag}\n  </image>\n`;
    });
    const known = labels.map((name) => `<label><name>${escaped(name)}</name><type>tag</type></label>`);
    const meta = `  <meta><task><labels>${known.join('')}</labels></task></meta>\n`;
    const head = '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n';
    return [{ name: 'annotations.xml', text: `${head}${meta}${images.join('')}</annotations>\n` }];
  },
};

interface OpenImage {
  readonly statement: Omit<Statement, 'labels'>;
  readonly tags: string[];
  readonly shapes: string[];
}

/** What was read so far. */
interface Progress {
  root: string | null;
  /** The root was closed. */
  whole: boolean;
  image: OpenImage | null;
  readonly found: Statement[];
}

/** Event by event: no tree, no objects named by the file, no entities but the five of XML. */
function parseCvat(text: string): Statement[] | 'foreign' | 'cut' {
  const state: Progress = { root: null, whole: false, image: null, found: [] };
  const parser = new Parser(
    {
      onopentag: (tag, attributes) => {
        state.root ??= tag;
        opened(state, tag, attributes);
      },
      onclosetag: (tag, implied) => {
        if (tag === 'image') closeImage(state);
        if (tag === state.root && !implied) state.whole = true;
      },
    },
    { xmlMode: true },
  );
  parser.end(text.replace(/^\ufeff/, ''));
  if (state.root !== 'annotations') return 'foreign';
  return state.whole ? state.found : 'cut';
}

function opened(state: Progress, tag: string, attributes: Readonly<Record<string, string>>): void {
  const { name, label, subset } = attributes;
  if (tag === 'image' && name !== undefined)
    state.image = { statement: { image: name, part: partOf(subset ?? '') }, tags: [], shapes: [] };
  else if (state.image && label !== undefined && tag === 'tag') state.image.tags.push(label);
  else if (state.image && label !== undefined && SHAPES.has(tag)) state.image.shapes.push(label);
}

function closeImage(state: Progress): void {
  if (!state.image) return;
  const { statement, tags, shapes } = state.image;
  state.found.push({ ...statement, labels: [...new Set(tags.length > 0 ? tags : shapes)] });
  state.image = null;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML 1.0 cannot hold become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c)
    .replace(/[\t\n\r]/g, (c) => `&#${String(c.charCodeAt(0))};`);
}
