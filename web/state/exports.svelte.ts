import type { ForeignWish } from '#shared/formats/selection.ts';
import type { ExportedPlan } from '#shared/schema/exported-plan.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { download } from '../platform/files.ts';
import { withLock } from '../platform/locks.ts';
import { clearWaitingRoom, type OutPlace } from '../platform/out-file.ts';
import type { Database } from '../storage/db.ts';
import { readExportFolder, writeExportFolder, type ExportPlan } from '../storage/export-plan.ts';
import { readSetting, writeSetting } from '../storage/settings.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { ArchiveApi } from '../workers/archive.worker.ts';
import type { TypedWorker } from '../workers/spawn.ts';
import type { JobState, Problem, UnfinishedExport } from './contract.ts';
import { damagedRecords, readContent, shardsOf } from './export-plan.ts';
import { pickExportPlace } from './export-target.ts';
import { exportForeign, type PlannedParts } from './foreign-export.ts';
import { exportLibrary, settlePlan, type ExportTools } from './exporting.ts';
import { Job, type JobTally } from './job.svelte.ts';

/** The library that is exported, as it is when it is asked for. */
export interface ExportSource {
  readonly db: Database<LibrarySchema>;
  readonly photos: readonly Photo[];
  readonly archives: TypedWorker<ArchiveApi>;
  /** What the data set would be; null where nobody turned the planner's knobs. */
  readonly planned: (signal: AbortSignal) => Promise<ExportedPlan | null>;
  /** Which photos the plan puts in which part. */
  readonly parts: (signal: AbortSignal) => Promise<PlannedParts>;
}

/** The export that is running, the one that was cut short, and the last one that was finished. */
export class Exports {
  readonly #job = new Job();
  readonly #source: () => ExportSource;
  #lastAt = $state.raw<string | null>(null);
  #remindAt = $state.raw<string | null>(null);
  #unfinished = $state.raw<ExportPlan | null>(null);
  #restarted = $state(false);
  #folder: FileSystemDirectoryHandle | null = null;

  constructor(source: () => ExportSource) {
    this.#source = source;
  }

  get job(): JobState {
    return this.#job.state;
  }
  get lastAt(): string | null {
    return this.#lastAt;
  }
  /** Before this nobody wants to be reminded. */
  get remindAt(): string | null {
    return this.#remindAt;
  }
  get restarted(): boolean {
    return this.#restarted;
  }
  get unfinished(): UnfinishedExport | null {
    const plan = this.#unfinished;
    if (!plan || this.job.kind === 'running') return null;
    return { name: plan.name, startedAt: plan.exportedAt, done: plan.done.length, of: shardsOf(plan).length };
  }

  async open(db: Database<LibrarySchema>): Promise<void> {
    const [lastAt, remindAt, unfinished, folder] = await Promise.all([
      readSetting(db, 'lastExportAt'),
      readSetting(db, 'remindExportAt'),
      readSetting(db, 'exporting'),
      readExportFolder(db),
    ]);
    this.#lastAt = lastAt;
    this.#remindAt = remindAt;
    this.#unfinished = unfinished;
    this.#folder = folder;
    await clearWaitingRoom(null);
  }

  start = async (name: string): Promise<void> => {
    const place = await pickExportPlace(null);
    if (place) await this.#run(place, name, null);
  };

  /** Writes a zip for another program; it is no safe copy, so nobody is reminded any later for it. */
  startForeign = async (name: string, wish: ForeignWish): Promise<void> => {
    const place = await pickExportPlace(null);
    if (!place) return;
    this.#restarted = false;
    await this.#job.run(name, (tally, signal) =>
      withLock('menagerie-export', async () => {
        const { db, photos, archives, parts } = this.#source();
        const tools = { db, photos, archives, place, deliver, planned: parts };
        const result = await exportForeign(tools, name, wish, shownIn(tally), signal);
        Object.assign(tally, { done: result.exported, total: result.exported });
        tally.problems.push(...result.problems);
      }),
    );
  };

  /** Goes on with the export that was cut short: what is written and whole stays as it is. */
  resume = async (): Promise<void> => {
    const plan = this.#unfinished;
    if (!plan) return;
    const place = await pickExportPlace(plan.place === 'folder' ? this.#folder : null);
    if (place) await this.#run(place, plan.name, plan);
  };

  forget = async (): Promise<void> => {
    await this.#remember(null);
  };

  cancel = (): void => {
    this.#job.cancel();
  };

  /** @param at until then nobody wants to be reminded of exporting */
  postpone = async (at: string): Promise<void> => {
    this.#remindAt = at;
    await writeSetting(this.#source().db, 'remindExportAt', at);
  };

  async #run(place: OutPlace, name: string, unfinished: ExportPlan | null): Promise<void> {
    this.#restarted = false;
    await this.#job.run(name, (tally, signal) =>
      // Two tabs that write the same files would spoil them.
      withLock('menagerie-export', () => this.#export(place, name, unfinished, tally, signal)),
    );
  }

  async #export(
    place: OutPlace,
    name: string,
    unfinished: ExportPlan | null,
    tally: JobTally,
    signal: AbortSignal,
  ): Promise<void> {
    const { db, photos, archives, planned } = this.#source();
    const content = await readContent(db, photos, () => planned(signal));
    const tools: ExportTools = { db, archives, place, deliver, remember: (plan) => this.#remember(plan) };
    const plan = await settlePlan(tools, content, name, unfinished, signal);
    this.#restarted = unfinished !== null && plan !== unfinished;
    this.#folder = place.kind === 'folder' ? place.folder : null;
    await writeExportFolder(db, this.#folder);
    const { exported, problems } = await exportLibrary(tools, content, plan, shownIn(tally), signal);
    Object.assign(tally, { done: exported, total: exported });
    tally.problems.push(...problems, ...(await damagedRecords(db, photos)).map(damagedProblem));
    this.#lastAt = now();
    await writeSetting(db, 'lastExportAt', this.#lastAt);
    await this.#remember(null);
  }

  /** @param plan null when there is nothing left to go on with */
  async #remember(plan: ExportPlan | null): Promise<void> {
    const { db } = this.#source();
    this.#unfinished = plan;
    await writeSetting(db, 'exporting', plan);
    if (!plan) await writeExportFolder(db, null);
  }
}

function shownIn(tally: JobTally): (done: number, total: number) => void {
  return (done, total) => {
    Object.assign(tally, { done, total });
    tally.changed();
  };
}

function now(): string {
  return new Date().toISOString();
}

function deliver(name: string, content: Blob): void {
  download(name, content, () => void clearWaitingRoom(content));
}

function damagedProblem(id: string): Problem {
  return {
    file: `photo ${id.slice(0, 12)}…`,
    reason: 'Its record is damaged on this device; it was left out.',
  };
}
