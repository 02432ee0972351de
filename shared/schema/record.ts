import * as v from 'valibot';

/** Why a value from outside was refused. */
export type RecordFault =
  | { readonly kind: 'invalid'; readonly path: string; readonly expected: string }
  | { readonly kind: 'newer'; readonly found: number; readonly known: number }
  | { readonly kind: 'migration'; readonly step: string; readonly cause: string };

/** A stored or exchanged value did not pass its schema. The message names the file and the path inside it. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly where: string;
  readonly fault: RecordFault;
  constructor(record: string, where: string, fault: RecordFault) {
    super(`${where}: ${describe(record, fault)}`);
    this.where = where;
    this.fault = fault;
  }
}

function describe(record: string, fault: RecordFault): string {
  switch (fault.kind) {
    case 'invalid':
      return `not a valid ${record}: at ${fault.path || 'the top'}: ${fault.expected}`;
    case 'newer':
      return (
        `${record} of version ${String(fault.found)}, but this Menagerie knows versions up to ` +
        `${String(fault.known)}. Update Menagerie, then try again; nothing was changed.`
      );
    case 'migration':
      return `${record} could not be brought up to date (step "${fault.step}"): ${fault.cause}`;
  }
}

/** One named, pure step from version `from` to `from + 1`. */
export interface Migration {
  readonly name: string;
  readonly from: number;
  readonly up: (old: Readonly<Record<string, unknown>>) => Record<string, unknown>;
}

/** A kind of record: its current version, its schema and the way up from every older version. */
export interface RecordType<T> {
  readonly kind: string;
  readonly version: number;
  readonly migrations: readonly Migration[];
  /**
   * Validates an unknown value, migrating it first when it is older.
   * @param where names the source for messages, e.g. `library.json` or `photos.ndjson line 12`.
   * @throws RecordError naming the path inside the value
   */
  readonly read: (value: unknown, where: string) => T;
}

/**
 * Ties a schema to its version and migrations. The schema must contain `v: v.literal(version)`.
 * @throws Error when a migration step is missing or out of order (a programming error, found at start-up)
 */
export function defineRecord<S extends v.GenericSchema>(
  kind: string,
  version: number,
  schema: S,
  migrations: readonly Migration[] = [],
): RecordType<v.InferOutput<S>> {
  const oldest = version - migrations.length;
  migrations.forEach((step, i) => {
    if (step.from !== oldest + i) throw new Error(`${kind}: migration "${step.name}" is out of order`);
  });
  const read = (value: unknown, where: string): v.InferOutput<S> => {
    const current = bringUpToDate(value, where);
    const result = v.safeParse(schema, current);
    if (result.success) return result.output;
    const issue = result.issues[0];
    throw new RecordError(kind, where, {
      kind: 'invalid',
      path: v.getDotPath(issue) ?? '',
      expected: issue.message,
    });
  };
  const bringUpToDate = (value: unknown, where: string): unknown => {
    const found = versionOf(value);
    if (found === null || found === version) return value;
    if (found > version) throw new RecordError(kind, where, { kind: 'newer', found, known: version });
    let record = value as Record<string, unknown>;
    for (const step of migrations.filter((m) => m.from >= found)) {
      try {
        record = { ...step.up(record), v: step.from + 1 };
      } catch (cause) {
        throw new RecordError(kind, where, { kind: 'migration', step: step.name, cause: String(cause) });
      }
    }
    return record;
  };
  return { kind, version, migrations, read };
}

function versionOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = (value as { v?: unknown }).v;
  return typeof found === 'number' && Number.isInteger(found) ? found : null;
}
