/**
 * The house rules about imports, in words. A broken rule names the file, the import and the reason.
 * Design: `docs/map.md`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SIDES = ['shared', 'web', 'node-trainer'] as const;

interface Arrow {
  readonly from: string;
  readonly to: string;
  /** `import type`: leaves nothing behind when compiled. */
  readonly typeOnly: boolean;
}

const files = SIDES.flatMap((side) => sources(side));
const arrows = files.flatMap((file) => importsOf(file));

/** Rooms from top to bottom: a file imports its own room and rooms below it, never one above. */
const FLOORS: Readonly<Record<(typeof SIDES)[number], readonly (readonly string[])[]>> = {
  shared: [
    ['shared/formats'],
    ['shared/archive', 'shared/model'],
    ['shared/image', 'shared/dataset', 'shared/metrics', 'shared/explain'],
    ['shared/schema'],
  ],
  web: [
    ['web/main.ts'],
    ['web/App.svelte'],
    ['web/routes.ts'],
    ['web/pages'],
    ['web/components'],
    ['web/state'],
    ['web/workers'],
    ['web/storage'],
    ['web/platform'],
    ['web/messages'],
  ],
  'node-trainer': [
    ['node-trainer/cli.ts'],
    ['node-trainer/commands'],
    ['node-trainer/run.ts', 'node-trainer/sample'],
    ['node-trainer/stages', 'node-trainer/server'],
    ['node-trainer/run'],
    ['node-trainer/library', 'node-trainer/store', 'node-trainer/engines', 'node-trainer/pipeline'],
    ['node-trainer/io'],
  ],
};

describe('imports only go down', () => {
  for (const side of SIDES) {
    test(`${side}: ${FLOORS[side].map((rooms) => rooms.join(', ')).join(' → ')}`, () => {
      const wrong = arrows.filter((a) => {
        const [above, below] = [floorOf(side, a.from), floorOf(side, a.to)];
        return above !== -1 && below !== -1 && below < above && !isContract(a);
      });
      expect(wrong.map(show)).toEqual([]);
    });
  }

  test('every file of a side lives in one of its rooms', () => {
    const homeless = files.filter((f) => !isTest(f) && SIDES.every((side) => floorOf(side, f) === -1));
    expect(homeless.filter((f) => !/^(web\/(sw\.ts|build\/)|shared\/testing\/)/.test(f))).toEqual([]);
  });

  test('rooms beside each other on one floor do not import each other', () => {
    const wrong = arrows.filter((a) =>
      SIDES.some((side) => {
        const floor = FLOORS[side][floorOf(side, a.from)];
        const [x, y] = [roomIn(floor, a.from), roomIn(floor, a.to)];
        return x !== undefined && y !== undefined && x !== y;
      }),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('there are no circles', () => {
    expect(circles()).toEqual([]);
  });
});

describe('walls', () => {
  test('shared/ knows neither side: what both need lives under both', () => {
    expect(broken((a) => a.from.startsWith('shared/') && /^(web|node-trainer)\//.test(a.to))).toEqual([]);
  });

  test('web/ and node-trainer/ meet only in shared/', () => {
    expect(
      broken(
        (a) =>
          (a.from.startsWith('web/') && a.to.startsWith('node-trainer/')) ||
          (a.from.startsWith('node-trainer/') && a.to.startsWith('web/')),
      ),
    ).toEqual([]);
  });

  test('stages never import each other: a stage reads the artefacts before it', () => {
    const stage = /^node-trainer\/stages\/([^/.]+)/;
    expect(
      broken((a) => {
        const [from, to] = [stage.exec(a.from)?.[1], stage.exec(a.to)?.[1]];
        return from !== undefined && to !== undefined && from !== to;
      }),
    ).toEqual([]);
  });

  test('components get props and send events: of state they may know the types only', () => {
    expect(
      broken((a) => a.from.startsWith('web/components/') && a.to.startsWith('web/state/') && !isContract(a)),
    ).toEqual([]);
  });

  test('what guests download to identify a photo does not pull in the layers library', () => {
    const guest = reach('shared/model/network.ts').concat(reach('shared/model/preprocess.ts'));
    const heavy = arrows.filter((a) => guest.includes(a.from) && a.to === '@tensorflow/tfjs-layers');
    expect(heavy.map(show)).toEqual([]);
  });

  test('no barrels: import the file that owns the thing', () => {
    expect(files.filter((f) => /\/index\.ts$/.test(f))).toEqual([]);
  });
});

/** A dependency has one home a side, so that it can be replaced in one place. */
const HOMES: readonly { readonly packages: RegExp; readonly home: RegExp; readonly why: string }[] = [
  { packages: /^idb$/, home: /^web\/storage\//, why: 'IndexedDB is opened and written in web/storage only' },
  { packages: /^comlink$/, home: /^web\/workers\//, why: 'pages talk to workers through typed objects' },
  {
    packages: /^jszip$/,
    home: /^(web\/workers\/zip|node-trainer\/io\/zip-write)\.ts$/,
    why: 'its types let all of Node in, and its reading needs the guard beside it',
  },
  { packages: /^aws4fetch$/, home: /^node-trainer\/io\/s3-requests\.ts$/, why: 'one place signs requests' },
  { packages: /^yauzl$/, home: /^node-trainer\/io\/zip-read\.ts$/, why: 'zips are read behind the guard' },
  {
    packages: /^h5wasm$/,
    home: /^node-trainer\/io\/hdf5\.ts$/,
    why: 'HDF5 is read in one place, with its bounds',
  },
  {
    packages: /^sharp$/,
    home: /^node-trainer\/(io\/images|sample\/.*)\.ts$/,
    why: 'one decoder for all photos',
  },
  {
    packages: /^@tensorflow\/tfjs-backend-|^webgpu$|^@tensorflow\/tfjs-node/,
    home: /^(web\/workers\/|node-trainer\/engines\/)/,
    why: 'engines are chosen at the edges',
  },
  {
    packages: /^@tensorflow\/tfjs-(core|layers)$/,
    home: /^(shared\/model\/|web\/workers\/|node-trainer\/(engines|stages)\/|node-trainer\/sample\/pretrain\.ts$)/,
    why: 'TensorFlow.js maths lives in shared/model; the edges only start engines and feed tensors',
  },
  { packages: /^@tensorflow\/tfjs$/, home: /^never$/, why: 'the union package pulls in every engine' },
  { packages: /^(hono|@hono\/.*)$/, home: /^node-trainer\/server\//, why: 'HTTP lives in the server' },
  {
    packages: /^commander$/,
    home: /^node-trainer\/(cli\.ts|commands\/)/,
    why: 'the command line is the top floor',
  },
  { packages: /^node:|^fs$|^path$/, home: /^(node-trainer\/|web\/build\/)/, why: 'the browser has no Node' },
  {
    packages: /^(@observablehq\/plot|linkedom)$/,
    home: /^node-trainer\/stages\/score\/report\//,
    why: 'charts are drawn as SVG into the report',
  },
  {
    packages: /^protobufjs$/,
    home: /^node-trainer\/io\/event-file\.ts$/,
    why: 'only event files need it',
  },
  { packages: /^svelte($|\/)/, home: /^web\//, why: 'views live in web/' },
];

describe('one home for each dependency', () => {
  for (const { packages, home, why } of HOMES) {
    test(`${packages.source}: ${why}`, () => {
      expect(broken((a) => packages.test(a.to) && !home.test(a.from) && !a.typeOnly)).toEqual([]);
    });
  }
});

test('the check sees imports at all', () => {
  expect(arrows.length).toBeGreaterThan(50);
  expect(arrows).toContainEqual({
    from: 'shared/schema/label.ts',
    to: 'shared/schema/names.ts',
    typeOnly: false,
  });
});

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.(ts|svelte)$/.test(e.name) && !e.name.endsWith('.d.ts'))
    .map((e) => relative(ROOT, join(e.parentPath, e.name)).replaceAll('\\', '/'))
    .sort();
}

function importsOf(file: string): Arrow[] {
  if (isTest(file)) return [];
  const text = readFileSync(join(ROOT, file), 'utf8');
  const pattern =
    /(?:^|[\n;>])\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*(?:\/\*.*?\*\/\s*)?['"]([^'"]+)['"]\s*\)|new URL\(\s*['"](\.[^'"]+\.ts)['"]/g;
  return [...text.matchAll(pattern)].map((m) => ({
    from: file,
    to: target(file, m[2] ?? m[3] ?? m[4] ?? ''),
    typeOnly: m[1] !== undefined,
  }));
}

function target(file: string, specifier: string): string {
  const plain = specifier.replace(/\?.*$/, '');
  if (plain.startsWith('#shared/')) return plain.replace('#shared/', 'shared/');
  if (!plain.startsWith('.')) return plain;
  return relative(ROOT, resolve(ROOT, dirname(file), plain)).replaceAll('\\', '/');
}

function isTest(file: string): boolean {
  return /\.test\.ts$|\/testing\//.test(file);
}

function inRoom(room: string, file: string): boolean {
  return file === room || file.startsWith(`${room}/`);
}

function roomIn(rooms: readonly string[] | undefined, file: string): string | undefined {
  return rooms?.find((room) => inRoom(room, file));
}

function floorOf(side: (typeof SIDES)[number], file: string): number {
  return FLOORS[side].findIndex((rooms) => roomIn(rooms, file) !== undefined);
}

function isContract(a: Arrow): boolean {
  return a.typeOnly && /^web\/state\/contract(-[a-z]+)?\.ts$/.test(a.to);
}

function broken(rule: (a: Arrow) => boolean): string[] {
  return arrows.filter(rule).map(show);
}

function show(a: Arrow): string {
  return `${a.from} imports ${a.to}`;
}

function reach(start: string): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const a of arrows) if (a.from === file && !a.typeOnly) visit(a.to);
  };
  visit(start);
  return [...seen];
}

/** Each circle once, as a path that ends where it began. */
function circles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at !== -1) found.push([...path.slice(at), file].join(' → '));
    if (at !== -1 || done.has(file)) return;
    for (const a of arrows) if (a.from === file && !a.typeOnly) visit(a.to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}
