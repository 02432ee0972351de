/** What the exit code of `menagerie` means; scripts may rely on it. */
export const EXIT = {
  ok: 0,
  /** A fault of Menagerie itself, or of the machine (disk full). */
  unexpected: 1,
  /** The command line, a config file or an environment variable says something that can't be. */
  usage: 2,
  /** A file, folder or address that was named is missing, damaged or of a newer version. */
  badInput: 3,
  /** The release gate or a rule of publishing said no. */
  refused: 4,
  /** What was asked for can't be had on this machine: an engine, a port. */
  notUsable: 5,
  /** Stopped by a person (Ctrl-C). */
  cancelled: 130,
} as const;

/** Errors by name, so that telling them apart loads none of the rooms they come from. */
const BY_NAME: Readonly<Record<string, number>> = {
  CommanderError: EXIT.usage,
  InvalidArgumentError: EXIT.usage,
  OptionError: EXIT.usage,
  UsageError: EXIT.usage,
  ArchiveRefused: EXIT.badInput,
  ConfusedTableError: EXIT.badInput,
  DataSetError: EXIT.badInput,
  FileStoreError: EXIT.badInput,
  ImageRefused: EXIT.badInput,
  JsonError: EXIT.badInput,
  LibraryError: EXIT.badInput,
  MergeRefused: EXIT.badInput,
  MergeRuleError: EXIT.badInput,
  NetworkError: EXIT.badInput,
  NpyError: EXIT.badInput,
  ScoreTableError: EXIT.badInput,
  TooManyUnreadable: EXIT.badInput,
  PhotoError: EXIT.badInput,
  RecordError: EXIT.badInput,
  ShardSetError: EXIT.badInput,
  StageMissing: EXIT.badInput,
  StoreError: EXIT.badInput,
  StoreUnreachable: EXIT.unexpected,
  TrainingFailed: EXIT.unexpected,
  VersionDamaged: EXIT.badInput,
  WeightsError: EXIT.badInput,
  PublishRefused: EXIT.refused,
  EngineUnusable: EXIT.notUsable,
  NoRoom: EXIT.notUsable,
  PortTaken: EXIT.notUsable,
  AbortError: EXIT.cancelled,
};

const BY_CODE: Readonly<Record<string, readonly [exit: number, next: string]>> = {
  ENOENT: [EXIT.badInput, 'Check the path, then run the same command again.'],
  EACCES: [EXIT.badInput, 'Check who may read and write it, then run the same command again.'],
  ENOSPC: [
    EXIT.unexpected,
    'The disk is full. What was finished is kept. Make room, then run the same command again.',
  ],
};

/** How a failure is told: the code of the process, and what to do next where the message alone does not say. */
export function verdictOn(error: unknown): { readonly exit: number; readonly next: string } {
  if (!(error instanceof Error)) return { exit: EXIT.unexpected, next: '' };
  const {
    name,
    code = '',
    mend = '',
  } = error as Error & { readonly code?: unknown; readonly mend?: unknown };
  const exit = BY_NAME[name];
  if (exit !== undefined)
    return { exit, next: typeof mend === 'string' && mend ? `What helps: ${mend}.` : '' };
  const [byCode, next] = BY_CODE[String(code)] ?? [EXIT.unexpected, UNEXPECTED];
  return { exit: byCode, next };
}

const UNEXPECTED =
  'This was not foreseen. What was finished is kept; the same command goes on from there. With --debug it says where it happened.';
