import { appendFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import { parseJson } from '#shared/schema/json.ts';
import { Count, PhotoId, Sha256 } from '#shared/schema/names.ts';
import { QualitySchema } from '#shared/schema/photo.ts';

import { writeAtomic } from '../io/atomic.ts';
import type { PhotoFacts } from './examine.ts';

const StateSchema = v.object({ key: v.string(), startedAt: v.string() });
const FactsSchema = v.object({
  id: PhotoId,
  bytes: Count,
  width: Count,
  height: Count,
  canonicalSize: Count,
  pixels: Sha256,
  hash: v.string(),
  quality: v.optional(v.nullable(QualitySchema), null),
  taken: v.optional(v.nullable(v.string()), null),
});

/**
 * Photos that an import has made ready: PNGs and a journal of their facts in a folder of its own. An import that was
 * killed finds them again and goes on.
 */
export interface Prepared {
  /** When the import began, the first time. */
  readonly startedAt: string;
  readonly find: (id: PhotoId) => PhotoFacts | undefined;
  readonly add: (facts: PhotoFacts, png: Uint8Array) => Promise<void>;
  readonly size: (id: PhotoId) => Promise<number>;
  readonly read: (id: PhotoId) => Promise<Uint8Array>;
  readonly remove: () => Promise<void>;
}

/** @param key what the work depends on: with another key everything begins anew */
export async function openPrepared(folder: string, key: string, now: string): Promise<Prepared> {
  const stateFile = join(folder, 'state.json');
  const journal = join(folder, 'photos.ndjson');
  const old = await readState(stateFile);
  const startedAt = old?.key === key ? old.startedAt : now;
  const known = new Map<string, PhotoFacts>();
  if (startedAt === now) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeAtomic(stateFile, JSON.stringify({ key, startedAt }));
  } else {
    for (const facts of await readJournal(journal)) known.set(facts.id, facts);
  }
  const png = (id: PhotoId): string => join(folder, `${id}.png`);
  return {
    startedAt,
    find: (id) => known.get(id),
    add: async (facts, bytes) => {
      await writeAtomic(png(facts.id), bytes);
      // Only after the picture: what the journal names is there.
      await appendFile(journal, `${JSON.stringify(facts)}\n`);
      known.set(facts.id, facts);
    },
    size: async (id) => (await stat(png(id))).size,
    read: (id) => readFile(png(id)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function readState(file: string): Promise<v.InferOutput<typeof StateSchema> | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : v.parse(StateSchema, parseJson(text, file));
}

async function readJournal(file: string): Promise<PhotoFacts[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  // A kill may have cut the last line; its photo is worked on again.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => v.parse(FactsSchema, parseJson(line, file)));
}
