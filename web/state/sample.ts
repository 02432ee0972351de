/** The sample library that the server offers to newcomers. */
import * as v from 'valibot';

import { Sha256 } from '#shared/schema/names.ts';
import { parseJson } from '#shared/schema/json.ts';
import { sha256 } from '../platform/hash.ts';

const IndexSchema = v.object({
  shards: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.regex(/^[\w .-]+\.zip$/, 'expected a plain zip name')),
        bytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(512 << 20)),
        sha256: Sha256,
      }),
    ),
    v.minLength(1),
    v.maxLength(100),
  ),
});

/** @throws Error with a message for people */
export async function fetchSample(): Promise<File[]> {
  const response = await fetch('/sample/index.json', { cache: 'no-store' }).catch(() => null);
  if (!response?.ok) throw new Error('This server offers no sample library. Add photos of your own instead.');
  const parsed = v.safeParse(IndexSchema, parseJson(await response.text(), 'sample/index.json'));
  if (!parsed.success) throw new Error('The server’s list of sample files is damaged. Try again later.');
  const files: File[] = [];
  for (const shard of parsed.output.shards) {
    const answer = await fetch(`/sample/${encodeURIComponent(shard.name)}`);
    const bytes = await answer.arrayBuffer();
    if (!answer.ok || bytes.byteLength !== shard.bytes || (await sha256(bytes)) !== shard.sha256) {
      throw new Error(`The sample file ${shard.name} arrived damaged. Nothing was added; try again.`);
    }
    files.push(new File([bytes], shard.name, { type: 'application/zip' }));
  }
  return files;
}
