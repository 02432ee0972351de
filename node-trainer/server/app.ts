import { Hono, type Context } from 'hono';

import { readCatalog } from '../store/catalog.ts';
import { findFile, type Keeping, sendFile } from './files.ts';
import { securityHeaders } from './headers.ts';
import { Packer } from './pack.ts';

/** Folders that are served. */
export interface Places {
  /** The built app. */
  readonly web: string;
  /** The model store. */
  readonly models: string;
  /** Shards of the sample library with their `index.json`. */
  readonly sample: string;
}

const NOT_BUILT = 'The app is not built yet. Run: npm run build\nThe models are served all the same.\n';
const MISSING = 'There is nothing at this address.\n';
const READ_ONLY = 'Only GET and HEAD are answered here.\n';
/** A version never changes once it is published; everything else of the store may. */
const VERSION_FILE = /^\d{3,}\//;
/** Shows photos of the library, which are nobody's business outside: engineers open it in the model store. */
const PRIVATE = /^models\/\d{3,}\/report\/report\.html$/i;
/** Names made by the bundler carry a hash of their content. */
const HASHED = /^assets\//;

/** The app, the published versions and the sample library over HTTP: read-only, nothing else of the disk. */
export function createApp(places: Places): Hono {
  const app = new Hono();
  const packer = new Packer();
  app.use(securityHeaders);
  app.on(['GET'], '/healthz', (c) => health(c, places.models));
  app.get('*', async (c) => {
    const path = c.req.path.slice(1);
    const decoded = decode(path);
    if (decoded === null || PRIVATE.test(decoded)) return c.text(MISSING, 404);
    const { root, rest, keeping } = placeOf(decoded, places);
    const file = await findFile(root, rest);
    if (file) return sendFile(c, file, keeping, packer);
    return root === places.web && isPage(c, rest) ? page(c, places.web, packer) : c.text(MISSING, 404);
  });
  app.all('*', (c) => c.text(READ_ONLY, 405, { Allow: 'GET, HEAD' }));
  app.onError((error, c) => {
    process.stderr.write(`${c.req.method} ${c.req.path}: ${error.message}\n`);
    return c.text('The server failed at this. Its own output says why.\n', 500);
  });
  return app;
}

function placeOf(
  path: string,
  { web, models, sample }: Places,
): { root: string; rest: string; keeping: Keeping } {
  if (path.startsWith('models/')) {
    const rest = path.slice('models/'.length);
    return { root: models, rest, keeping: VERSION_FILE.test(rest) ? 'for-ever' : 'ask-every-time' };
  }
  if (path.startsWith('sample/'))
    return { root: sample, rest: path.slice('sample/'.length), keeping: 'ask-every-time' };
  return { root: web, rest: path, keeping: HASHED.test(path) ? 'for-ever' : 'ask-every-time' };
}

/** Every address without a file's ending is a page of the app, which finds its own way. */
function isPage(c: Context, rest: string): boolean {
  const wantsPage = (c.req.header('Accept') ?? '*/*')
    .split(',')
    .some((type) => /^\s*(text\/html|\*\/\*)/.test(type));
  return wantsPage && !/\.[a-z0-9]+$/i.test(rest) && !rest.startsWith('api/');
}

async function page(c: Context, web: string, packer: Packer): Promise<Response> {
  const file = await findFile(web, 'index.html');
  return file ? sendFile(c, file, 'ask-every-time', packer) : c.text(NOT_BUILT, 503);
}

async function health(c: Context, models: string): Promise<Response> {
  const current = await readCatalog(models).then(
    (catalog) => catalog.current,
    () => undefined,
  );
  // A damaged catalog is worth an alarm: devices could not update.
  return c.json({ ok: current !== undefined, version: current ?? null }, current === undefined ? 500 : 200);
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
