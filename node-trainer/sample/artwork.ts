import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/**
 * Openly licensed drawings from npm packages. Licences: Noto Emoji Apache-2.0 (Google), Twemoji CC-BY-4.0
 * (Twitter and contributors), Fluent Emoji MIT (Microsoft).
 */
const STYLES = ['noto', 'twemoji', 'fluent-emoji-flat'] as const;

/** One drawing: the inside of an SVG and the square it is drawn in. */
export interface Drawing {
  readonly body: string;
  readonly edge: number;
}

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string; readonly width?: number } | undefined>>;
  readonly aliases?: Readonly<Record<string, { readonly parent: string } | undefined>>;
  readonly width?: number;
}

/** Every style's drawing of one thing, e.g. `tiger`. */
export type Artwork = (thing: string) => readonly Drawing[];

/**
 * Loads the drawings of all styles.
 * @throws Error when a thing is asked for that no style has
 */
export async function loadArtwork(): Promise<Artwork> {
  const require = createRequire(import.meta.url);
  const sets = await Promise.all(
    STYLES.map(async (style) => {
      const file = require.resolve(`@iconify-json/${style}/icons.json`);
      return JSON.parse(await readFile(file, 'utf8')) as IconSet;
    }),
  );
  return (thing) => {
    const drawings = sets.flatMap((set) => drawingOf(set, thing));
    if (drawings.length === 0) throw new Error(`no drawing of "${thing}"`);
    return drawings;
  };
}

function drawingOf(set: IconSet, thing: string): Drawing[] {
  const icon = set.icons[thing] ?? set.icons[set.aliases?.[thing]?.parent ?? ''];
  return icon ? [{ body: icon.body, edge: icon.width ?? set.width ?? 16 }] : [];
}
