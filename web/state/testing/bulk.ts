/** What tests of bulk identification share. */
import { labelKey } from '#shared/schema/names.ts';
import { sha256 } from '../../platform/hash.ts';
import { createCanary } from '../../storage/canary.ts';
import type { Check } from '../../storage/checks.ts';
import type { Database } from '../../storage/db.ts';
import type { LibrarySchema } from '../../storage/upgrades.ts';
import type { Looked } from '../../workers/look-many.ts';
import { probeNetwork } from '../../workers/probe.ts';
import { Bulk, type BulkPlace } from '../bulk.svelte.ts';
import type { Crew } from '../crew.ts';
import type { KeptVersion, KeptVersions } from '../kept-versions.ts';
import { createLibraryWorkers } from '../library-workers.ts';

const { archives } = createLibraryWorkers();

export function versionOf(version: number, network: string): KeptVersion {
  const labels = ['Lion', 'Otter'].map((name) => ({
    id: labelKey(name),
    name,
    subClasses: [labelKey(name)],
    note: '',
  }));
  const gate = {
    decision: 'not-checked' as const,
    reasons: [],
    comparedWith: null,
    checks: [],
    override: null,
  };
  const shape = { threshold: 0.95, canonicalSize: 299, labels, gate, current: true };
  return { version, network, ...shape, ...probeNetwork() };
}

/** A server that has these versions, the last of which guests get. */
export function versionsOf(versions: readonly KeptVersion[]): KeptVersions {
  return {
    list: () =>
      Promise.resolve(versions.map(({ version, current }) => ({ version, current, publishedAt: null }))),
    open: (wish) => {
      const found = wish === null ? versions.at(-1) : versions.find(({ version }) => version === wish);
      return found ? Promise.resolve(found) : Promise.reject(new Error('This version can no longer be had.'));
    },
  };
}

/** Answers what the bytes of a file say, as late as `wait` lets it; text that begins with "bad" is no picture. */
export function readingCrew(wait: (batch: number) => Promise<unknown> = () => Promise.resolve()): Crew {
  let batches = 0;
  return {
    ready: () => Promise.resolve({ lanes: 3, batch: 4 }),
    look: async (_, pictures) => {
      batches += 1;
      const looked = pictures.map(async ({ key, bytes }): Promise<Looked> => {
        const content = bytes instanceof ArrayBuffer ? bytes : await (bytes as Blob).arrayBuffer();
        const text = new TextDecoder().decode(content);
        if (text.startsWith('bad')) return { kind: 'refused', key, reason: 'no picture' };
        const file = { sha256: await sha256(content), thumb: new ArrayBuffer(8) };
        return { kind: 'seen', key, top: [{ output: 1, score: scoreOf(text) }], features: null, file };
      });
      const all = await Promise.all(looked);
      await wait(batches);
      return all;
    },
  };
}

/** What the crew answers to a file that says this. */
export function scoreOf(text: string): number {
  return (1 + Number(/\d+/.exec(text)?.[0] ?? 0)) / 1000;
}

/** Bulk identification over a database, as one visit has it. */
export async function visit(
  db: Database<LibrarySchema>,
  wish: Pick<BulkPlace, 'crew' | 'versions'> & Partial<BulkPlace>,
): Promise<Bulk> {
  const checks: readonly Check[] = [];
  const base = {
    db,
    canary: createCanary(db),
    archives,
    photos: [],
    photo: () => undefined,
    learn: () => undefined,
    person: 'Ada',
    checks,
    importFiles: () => Promise.resolve(),
    changeParts: () => Promise.resolve(),
  };
  const bulk = new Bulk(() => ({ ...base, ...wish }));
  await bulk.open(db);
  return bulk;
}
