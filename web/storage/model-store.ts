import type { Database } from './db.ts';
import type { ModelPointer, ModelSchema, StoredVersion } from './model-db.ts';
import { openVersion, type UsableVersion } from './model-version.ts';

/** Highest catalog sequence that this device has believed; an older list is a replay. 0 = none yet. */
export async function seenSequence(db: Database<ModelSchema>): Promise<number> {
  const value = await db.read(['state'], (tx) => tx.objectStore('state').get('sequence'));
  return typeof value === 'number' ? value : 0;
}

export async function rememberSequence(db: Database<ModelSchema>, sequence: number): Promise<void> {
  await db.write(['state'], async (tx) => {
    const before = await tx.objectStore('state').get('sequence');
    if (typeof before !== 'number' || before < sequence)
      await tx.objectStore('state').put(sequence, 'sequence');
  });
}

async function readPointer(db: Database<ModelSchema>): Promise<ModelPointer | null> {
  const value = await db.read(['state'], (tx) => tx.objectStore('state').get('pointer'));
  return typeof value === 'object' ? value : null;
}

export async function readVersion(db: Database<ModelSchema>, version: number): Promise<StoredVersion | null> {
  return (await db.read(['versions'], (tx) => tx.objectStore('versions').get(version))) ?? null;
}

/** The version in use on this device; null before the first. */
export async function activeVersion(db: Database<ModelSchema>): Promise<number | null> {
  return (await readPointer(db))?.active ?? null;
}

/** Numbers of the versions that lie on this device. */
export function heldVersions(db: Database<ModelSchema>): Promise<number[]> {
  return db.read(['versions'], (tx) => tx.objectStore('versions').getAllKeys());
}

/** Keeps a proved version, points to it, and lets go of all but the one before: all of it in one transaction. */
export async function adoptVersion(db: Database<ModelSchema>, stored: StoredVersion): Promise<void> {
  await db.write(['versions', 'state'], async (tx) => {
    const [versions, state] = [tx.objectStore('versions'), tx.objectStore('state')];
    const before = await state.get('pointer');
    const previous = previousOf(typeof before === 'object' ? before : null, stored.version);
    await versions.put(stored);
    await state.put({ active: stored.version, previous }, 'pointer');
    for (const key of await versions.getAllKeys()) {
      if (key !== stored.version && key !== previous) await versions.delete(key);
    }
  });
}

function previousOf(before: ModelPointer | null, active: number): number | null {
  if (!before) return null;
  return before.active === active ? before.previous : before.active;
}

/** What the device holds: the version in use when it is whole, else the one before; and what was found damaged. */
export interface Held {
  readonly usable: UsableVersion | null;
  readonly damage: string | null;
}

/** Checks all hashes again: bytes on a device rot too. */
export async function openHeld(db: Database<ModelSchema>): Promise<Held> {
  const pointer = await readPointer(db);
  let damage: string | null = null;
  for (const version of [pointer?.active, pointer?.previous]) {
    if (version === undefined || version === null) continue;
    try {
      const stored = await readVersion(db, version);
      if (stored) return { usable: await openVersion(stored), damage };
      damage ??= `Version ${String(version)} is missing on this device.`;
    } catch (cause) {
      damage ??= cause instanceof Error ? cause.message : String(cause);
    }
  }
  return { usable: null, damage };
}
