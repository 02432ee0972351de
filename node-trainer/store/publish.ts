import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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
  /** Makes the card; called again with the right number when the first guess was taken. */
  readonly card: (given: { readonly version: number; readonly publishedAt: string }) => Promise<ModelCard>;
  readonly now?: () => Date;
  readonly onStep?: (step: PublishStep) => void;
}

/** A version that guests get. */
export interface Published {
  readonly version: ModelVersion;
  readonly folder: string;
  readonly card: ModelCard;
  readonly catalog: Catalog;
  /** The same files had been published before: nothing new was made. */
  readonly already: boolean;
}

const ASIDE = '.tmp-';

/**
 * Publishes the next version: written aside, forced to the disk, renamed, then listed. A cut at any moment leaves the
 * old version served, and doing it again completes it. The same files are never published twice.
 * @throws PublishRefused for a throw-away run or a no-go; VersionDamaged for a file that is not what the card says;
 *   the file system's error, e.g. ENOSPC. Nothing is listed then.
 */
export async function publishVersion(publication: Publication): Promise<Published> {
  const { store } = publication;
  return whileLocked(store, async () => {
    await removeLeftovers(store);
    const catalog = await readCatalog(store);
    const version = await nextVersion(store, catalog);
    const publishedAt = (publication.now?.() ?? new Date()).toISOString();
    const card = await publication.card({ version, publishedAt });
    checkRules(card);
    const before = await sameFiles(store, card);
    if (before) return takeUp(store, catalog, before);
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

function checkRules({ throwAway, gate }: ModelCard): void {
  if (throwAway) {
    throw new PublishRefused(
      'This is a throw-away run: it may identify, but it is never published. Train without --throw-away.',
    );
  }
  if (gate.decision === 'no-go') {
    throw new PublishRefused(`The release gate says no: ${gate.reasons.join('; ')}. Nothing was published.`);
  }
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

/** A version with exactly these files, newest first. */
async function sameFiles(store: string, card: ModelCard): Promise<CardOnDisk | null> {
  const wanted = fingerprint(card);
  for (const version of await versionsOnDisk(store)) {
    const found = await readCard(versionPath(store, version)).catch(() => null);
    if (found && fingerprint(found.card) === wanted) return found;
  }
  return null;
}

function fingerprint({ files }: ModelCard): string {
  return files
    .map((f) => `${f.sha256} ${f.path}`)
    .sort()
    .join('\n');
}

/** Lists a version whose publishing was cut just before its last step; one that is listed stays as it is. */
async function takeUp(store: string, catalog: Catalog, { card }: CardOnDisk): Promise<Published> {
  const folder = versionPath(store, card.version);
  const whole = await verifyVersion(folder);
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
