import type { Log } from './log.ts';
import type { RunOptions } from './options.ts';
import type { RunFolder } from './run-folder.ts';

/** What every stage gets. */
export interface RunContext {
  readonly folder: RunFolder;
  readonly options: RunOptions;
  /** Names of the settings that somebody gave; the others may be settled by what the library's planner says. */
  readonly given: ReadonlySet<string>;
  /** Folder of shards, zip or class folders; only `extract` reads it. */
  readonly library: string | null;
  /** Model store whose current version the run is compared with, and where it is published; null for none. */
  readonly models: string | null;
  /** Targets file of the release gate; null for that of the model store, or the defaults. */
  readonly targets: string | null;
  readonly log: Log;
}

/** As much of a run as the release gate asks for: a published run is judged again without being opened for work. */
export type JudgedRun = Pick<RunContext, 'folder' | 'models' | 'targets' | 'log'> & {
  readonly options: Pick<RunOptions, 'engine' | 'confused'>;
};

/** What a stage has to say for itself, as flat facts for people and machines. */
export type StageResult = Readonly<Record<string, string | number | boolean | null>>;
