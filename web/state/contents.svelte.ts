import { DEFAULT_DATA_SET_OPTIONS, type DataSetOptions } from '#shared/schema/dataset.ts';
import type { Guidance } from '#shared/schema/guidance.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { Change } from '../storage/changes.ts';
import { readChecks, type Check } from '../storage/checks.ts';
import type { Database } from '../storage/db.ts';
import { readGuidance } from '../storage/guidance.ts';
import { readUndoable, type Undoable } from '../storage/journal-log.ts';
import { readParts, type LibraryParts } from '../storage/parts.ts';
import { readAllPhotos, readPhotos } from '../storage/photos.ts';
import type { SavedFilter } from '../storage/saved-filters.ts';
import { readSetting, type LabelPair, type SplitCheck } from '../storage/settings.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import { PhotoList } from './photo-list.ts';

const NO_PARTS: LibraryParts = {
  subClasses: [],
  unknownLabels: [],
  mergeRules: [],
  benchmarks: [],
  confused: { v: 1, pairs: [] },
};

/** Everything that acts change, as it was last read from storage. */
export class Contents {
  #photos = $state.raw<readonly Photo[]>([]);
  readonly #list = new PhotoList();
  parts = $state.raw<LibraryParts>(NO_PARTS);
  undoable = $state.raw<Undoable>({ undo: null, redo: null });
  guidance = $state.raw<Guidance | null>(null);
  splitChecks = $state.raw<readonly SplitCheck[]>([]);
  dismissedPairs = $state.raw<readonly LabelPair[]>([]);
  checks = $state.raw<readonly Check[]>([]);
  savedFilters = $state.raw<readonly SavedFilter[]>([]);
  planOptions = $state.raw<DataSetOptions>(DEFAULT_DATA_SET_OPTIONS);
  keepOriginals = $state(false);
  /** Counts readings, so that the planner's worker knows when to read the library again. */
  revision = 0;
  readonly #replaced: (photo: Photo) => void;

  /** @param replaced told of photos that have another image than before, ahead of the list that says so */
  constructor(replaced: (photo: Photo) => void) {
    this.#replaced = replaced;
  }

  get photos(): readonly Photo[] {
    return this.#photos;
  }

  /** One photo as it is now. */
  photo(id: string): Photo | undefined {
    // The list is not reactive, what is shown of it is.
    return this.#photos.length === 0 ? undefined : this.#list.find(id);
  }

  /** Reads all there is. */
  async open(db: Database<LibrarySchema>): Promise<void> {
    const [{ photos }, undoable, parts] = await Promise.all([
      readAllPhotos(db),
      readUndoable(db),
      readRest(db),
    ]);
    Object.assign(this, parts, { undoable });
    this.#photos = this.#list.replaceAll(photos);
  }

  /** Reads again what may have changed: these photos, the journal's end, and the parts where they may have, too. */
  async read(db: Database<LibrarySchema>, { photos: ids, parts }: Change): Promise<void> {
    const [{ photos }, undoable, rest] = await Promise.all([
      readPhotos(db, ids),
      readUndoable(db),
      parts ? readRest(db) : null,
    ]);
    this.revision += 1;
    for (const photo of photos) {
      const before = this.#list.find(photo.id);
      if (before && before.pixels !== photo.pixels) this.#replaced(photo);
    }
    // All at once, so that no page ever sees a photo with a label that is not there yet.
    Object.assign(this, rest, { undoable });
    this.#photos = this.#list.update(ids, photos);
  }
}

type Rest = Omit<Contents, 'photos' | 'photo' | 'undoable' | 'revision' | 'open' | 'read'>;

/** Everything but photos and journal. */
async function readRest(db: Database<LibrarySchema>): Promise<Rest> {
  const [parts, splitChecks, dismissedPairs, plan, guidance, savedFilters, keepOriginals, checks] =
    await Promise.all([
      readParts(db),
      readSetting(db, 'splitChecks'),
      readSetting(db, 'dismissedPairs'),
      readSetting(db, 'plan'),
      readGuidance(db),
      readSetting(db, 'filters'),
      readSetting(db, 'keepOriginals'),
      readChecks(db),
    ]);
  const planOptions = plan ?? DEFAULT_DATA_SET_OPTIONS;
  return { parts, splitChecks, dismissedPairs, planOptions, guidance, savedFilters, keepOriginals, checks };
}
