import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';

import * as v from 'valibot';

import { Count, Sha256 } from '#shared/schema/names.ts';
import { defineRecord } from '#shared/schema/record.ts';

import { parseJson } from '#shared/schema/json.ts';

import { replaceFile } from '../../io/atomic.ts';

/** Numbers by name, and facts about them that are JSON. */
export interface Checkpoint {
  /** Of everything that the training depends on: a checkpoint of another training is none. */
  readonly training: string;
  readonly facts: unknown;
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

const headerRecord = defineRecord(
  'checkpoint',
  1,
  v.object({
    v: v.literal(1),
    training: Sha256,
    facts: v.unknown(),
    arrays: v.array(v.object({ name: v.string(), length: Count })),
  }),
);

const HASH_BYTES = 32;
const LENGTH_BYTES = 4;

/**
 * Writes a checkpoint whole or not at all: length of the header, header as JSON, the arrays as little-endian float32,
 * and the SHA-256 of all that.
 */
export async function writeCheckpoint(path: string, { training, facts, arrays }: Checkpoint): Promise<void> {
  const described = [...arrays].map(([name, { length }]) => ({ name, length }));
  const header = Buffer.from(JSON.stringify({ v: 1, training, facts, arrays: described }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  const bodies = [...arrays.values()].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength));
  await replaceFile(path, async (aside) => {
    const file = await open(aside, 'wx');
    const hash = createHash('sha256');
    try {
      for (const part of [length, header, ...bodies]) {
        hash.update(part);
        await file.appendFile(part);
      }
      await file.appendFile(hash.digest());
    } finally {
      await file.close();
    }
  });
}

/** Reads a checkpoint back. @returns null where it is missing, torn, altered or not one */
export async function readCheckpoint(path: string): Promise<Checkpoint | null> {
  const bytes = await readFile(path).catch(() => null);
  if (!bytes || bytes.length < LENGTH_BYTES + HASH_BYTES) return null;
  const body = bytes.subarray(0, -HASH_BYTES);
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(-HASH_BYTES))) return null;
  const start = LENGTH_BYTES + body.readUInt32LE(0);
  const header = headerRecord.read(parseJson(body.toString('utf8', LENGTH_BYTES, start), path), path);
  const arrays = new Map<string, Float32Array>();
  let at = start;
  for (const { name, length } of header.arrays) {
    arrays.set(name, new Float32Array(Uint8Array.from(body.subarray(at, at + length * 4)).buffer));
    at += length * 4;
  }
  return { training: header.training, facts: header.facts, arrays };
}
