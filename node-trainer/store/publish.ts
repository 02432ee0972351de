import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { CardGate } from '#shared/schema/gate.ts';
import type { Catalog, ModelCard } from '#shared/schema/model.ts';
import type { ModelVersion } from '#shared/schema/names.ts';

import { flushFolder, flushTree, writeAtomic } from '../io/atomic.ts';
import { nextVersion, readCatalog, versionPath, versionsOnDisk, writeCatalog } from './catalog.ts';
import { whileLocked } from './lock.ts';
import { PublishRefused } from './problems.ts';
import { type CardOnDisk, readCard, verifyFile, verifyVersion } from './verify.ts';

/** The steps in their order; after the last one guests get the new version, before it they get the old one. */
export type PublishStep = 'begun' | 'copied' | 'flushed' | 'renamed' | 'listed';

/** What is to be published. */
export interface Publication {
  /** The model store. */
  readonly store: string;
  /** Folder with the files that the card lists. */
  readonly files: string;
  /** Makes the card, but for its gate. */
  readonly card: (given: { readonly version: number; readonly publishedAt: string }) => Promise<ModelCard>;
  /**
   * Judges the version against what the store has in production; called while no other process changes the store, and
   * only for a version that is new. An override in it lets a no-go pass.
   */
  readonly gate: (publishedAt: string) => Promise<CardGate>;
  readonly now?: () => Date;
  readonly onStep?: (step: PublishStep) => void;
}

/** A version that guests get. */
export interface Published {
  readonly version: ModelVersion;
  readonly folder: string;
  readonly card: ModelCard;
  readonly catalog: Catalog;
  /** The same model had been published before: nothing new was made. */
  readonly already: boolean;
}

const ASIDE = '.tmp-';

/**
 * Publishes the next version: written aside, forced to the disk, renamed, then listed. A cut at any moment leaves the
 * old version served, and doing it again completes it. The same model is never published twice.
 * @throws PublishRefused for a throw-away run, or a no-go without an override; VersionDamaged for a file that is not what the card says;
 *   the file system's error, e.g. ENOSPC. Nothing is listed then.
 */
export async function publishVersion(publication: Publication): Promise<Published> {
  const { store } = publication;
  return whileLocked(store, async () => {
    await removeLeftovers(store);
    const catalog = await readCatalog(store);
    const version = await nextVersion(store, catalog);
    const publishedAt = (publication.now?.() ?? new Date()).toISOString();
    const draft = await publication.card({ version, publishedAt });
    if (draft.throwAway) throw new PublishRefused(THROW_AWAY, null);
    const before = await sameModel(store, catalog, draft);
    if (before) return takeUp(store, catalog, before);
    const card = { ...draft, gate: await publication.gate(publishedAt) };
    checkGate(card.gate);
    await place(publication, card);
    const listed = await list(store, catalog, await readCard(versionPath(store, version)));
    publication.onStep?.('listed');
    return {
      version: card.version,
      folder: versionPath(store, version),
      card,
      catalog: listed,
      already: false,
    };
  });
}

const THROW_AWAY =
  'This is a throw-away run: it may identify, but it is never published, whatever the gate or a person says. ' +
  'Train without --throw-away. Nothing was published.';

function checkGate(gate: CardGate): void {
  if (gate.decision !== 'no-go' || gate.override) return;
  const reasons = gate.reasons.map((reason) => `\n  - ${reason}`).join('');
  throw new PublishRefused(`The release gate says no-go:${reasons}\nNothing was published.`, gate);
}

async function place({ store, files, onStep }: Publication, card: ModelCard): Promise<void> {
  const aside = join(store, `${ASIDE}${randomUUID()}`);
  try {
    await mkdir(aside, { recursive: true });
    onStep?.('begun');
    for (const entry of card.files) {
      await mkdir(dirname(join(aside, entry.path)), { recursive: true });
      await verifyFile(files, entry);
      await copyFile(join(files, entry.path), join(aside, entry.path));
      // What was copied is what is promised, whatever happened in between.
      await verifyFile(aside, entry);
    }
    await writeAtomic(join(aside, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
    onStep?.('copied');
    await flushTree(aside);
    onStep?.('flushed');
    await rename(aside, versionPath(store, card.version));
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  await flushFolder(store);
  onStep?.('renamed');
}

async function list(store: string, catalog: Catalog, found: CardOnDisk): Promise<Catalog> {
  const { version, publishedAt } = found.card;
  const entry = { version, publishedAt, card: { bytes: found.bytes, sha256: found.sha256 } };
  return writeCatalog(store, { ...catalog, current: version, versions: [...catalog.versions, entry] });
}

/**
 * A whole version that gives guests exactly the same, newest first: the same network, names and threshold. Reports may
 * differ, since they are made again when something else is in production. A damaged version is none: publishing the
 * model again, under a new number, is what mends it.
 */
async function sameModel(store: string, catalog: Catalog, card: ModelCard): Promise<CardOnDisk | null> {
  const wanted = fingerprint(card);
  for (const version of await versionsOnDisk(store)) {
    const folder = versionPath(store, version);
    const found = await readCard(folder).catch(() => null);
    if (!found || fingerprint(found.card) !== wanted) continue;
    const listed = catalog.versions.find((v) => v.version === version)?.card.sha256;
    const whole = await verifyVersion(folder, listed).catch(() => null);
    if (whole) return whole;
  }
  return null;
}

function fingerprint({ files, network, preprocessing, threshold }: ModelCard): string {
  const weights = network.model.replace(/[^/]*$/, 'weights.bin');
  const hashes = [network.model, network.labels, weights].map(
    (path) => files.find((file) => file.path === path)?.sha256,
  );
  return JSON.stringify([hashes, preprocessing, threshold]);
}

/** Lists a version whose publishing was cut just before its last step; one that is listed stays as it is. */
async function takeUp(store: string, catalog: Catalog, whole: CardOnDisk): Promise<Published> {
  const { card } = whole;
  const folder = versionPath(store, card.version);
  const isListed = catalog.versions.some((v) => v.version === card.version);
  const now = isListed ? catalog : await list(store, catalog, whole);
  return { version: card.version, folder, card, catalog: now, already: isListed };
}

async function removeLeftovers(store: string): Promise<void> {
  const names = await readdir(store);
  for (const name of names.filter((n) => n.startsWith(ASIDE))) {
    await rm(join(store, name), { recursive: true, force: true });
  }
}
