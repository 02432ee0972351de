import { join } from 'node:path';

import { versionFolder } from '#shared/schema/names.ts';

import type { RunFolder } from './run-folder.ts';

/** Where the scores and figures of a published version lie that looked at a run's photos. */
export interface VersionScores {
  /** Absolute. */
  readonly scores: string;
  readonly report: string;
}

export function versionScores({ root }: RunFolder, version: number): VersionScores {
  const name = versionFolder(version);
  return { scores: join(root, `scores-${name}`), report: join(root, `report-${name}`) };
}

/** A folder with figures of a version, by its name; null for any other. */
export function versionOfReport(folder: string): number | null {
  const digits = /^report-(\d{3,9})$/.exec(folder)?.[1];
  return digits === undefined ? null : Number(digits);
}
