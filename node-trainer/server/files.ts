import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';

import type { Context } from 'hono';

import { contentType, isText } from './content-types.ts';
import { MOST_PACKED, type Packer } from './pack.ts';
import { rangeOf } from './range.ts';

/** How long a browser may keep a file without asking. */
export type Keeping = 'ask-every-time' | 'for-ever';

const CACHE: Readonly<Record<Keeping, string>> = {
  'ask-every-time': 'no-cache',
  'for-ever': 'public, max-age=31536000, immutable',
};

interface FoundFile {
  readonly path: string;
  readonly size: number;
  /** Changes whenever the file does. */
  readonly tag: string;
}

/**
 * Finds a file below a folder. Everything that could lead out of it finds nothing: `..`, hidden names, backslashes,
 * drive letters, links to elsewhere.
 * @param urlPath decoded path of the address, without its first `/`
 */
export async function findFile(root: string, urlPath: string): Promise<FoundFile | null> {
  const parts = urlPath.split('/');
  if (parts.some((part) => part === '' || part.startsWith('.') || /[\\:\0]/.test(part))) return null;
  try {
    const [path, home] = await Promise.all([realpath(join(root, ...parts)), realpath(resolve(root))]);
    if (!path.startsWith(home + sep)) return null;
    const info = await stat(path);
    if (!info.isFile()) return null;
    return {
      path,
      size: info.size,
      tag: `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`,
    };
  } catch {
    return null;
  }
}

/** Answers with a file: 304 where the client has it, packed where that pays, otherwise as it is, or a range of it. */
export async function sendFile(
  c: Context,
  file: FoundFile,
  keeping: Keeping,
  packer: Packer,
): Promise<Response> {
  const type = contentType(file.path);
  c.header('ETag', file.tag);
  c.header('Cache-Control', CACHE[keeping]);
  if (isText(type)) c.header('Vary', 'Accept-Encoding');
  if (isKnown(c.req.header('If-None-Match'), file.tag)) return c.body(null, 304);
  c.header('Content-Type', type);
  if (isText(type) && file.size <= MOST_PACKED) {
    const content = await readFile(file.path);
    const packed = await packer.pack(
      content,
      `${file.path} ${file.tag}`,
      c.req.header('Accept-Encoding') ?? '',
    );
    if (packed) c.header('Content-Encoding', packed.encoding);
    return sendBytes(c, packed?.bytes ?? content);
  }
  return sendPlain(c, file);
}

/** Ranges let a matrix of scores be read in pieces, and go on where a connection was cut. */
function sendPlain(c: Context, file: FoundFile): Response {
  c.header('Accept-Ranges', 'bytes');
  const asked = { range: c.req.header('Range'), ifRange: c.req.header('If-Range') };
  const range = c.req.method === 'HEAD' ? 'whole' : rangeOf(asked, file);
  if (range === 'outside') {
    c.header('Content-Range', `bytes */${file.size}`);
    return c.body(null, 416);
  }
  const { start, end } = range === 'whole' ? { start: 0, end: file.size - 1 } : range;
  c.header('Content-Length', String(end - start + 1));
  if (range !== 'whole') {
    c.status(206);
    c.header('Content-Range', `bytes ${start}-${end}/${file.size}`);
  }
  if (c.req.method === 'HEAD' || file.size === 0) return c.body(null);
  return c.body(Readable.toWeb(createReadStream(file.path, { start, end })) as ReadableStream);
}

function sendBytes(c: Context, bytes: Uint8Array): Response {
  c.header('Content-Length', String(bytes.length));
  return c.req.method === 'HEAD' ? c.body(null) : c.body(new Uint8Array(bytes));
}

function isKnown(asked: string | undefined, tag: string): boolean {
  return asked?.split(',').some((part) => part.trim().replace(/^W\//, '') === tag) ?? false;
}
