/** Text was not JSON, or tried to smuggle in a key that could reach a prototype. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  constructor(where: string, detail: string) {
    super(`${where}: ${detail}`);
  }
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses JSON that came from outside.
 * @param where names the source in messages
 * @throws JsonError for broken JSON and for keys that could pollute a prototype
 */
export function parseJson(text: string, where: string): unknown {
  const guard = function (key: string, value: unknown): unknown {
    if (FORBIDDEN.has(key)) throw new JsonError(where, `the key "${key}" is not allowed`);
    return value;
  };
  try {
    return JSON.parse(text, guard) as unknown;
  } catch (cause) {
    if (cause instanceof JsonError) throw cause;
    throw new JsonError(where, `broken JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
}

/** Splits newline-delimited JSON into parsed values, one a line; blank lines are skipped. */
export function parseNdjson(text: string, where: string): unknown[] {
  const values: unknown[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() !== '') values.push(parseJson(line, `${where} line ${String(i + 1)}`));
  });
  return values;
}

/** One record a line, with a final newline. */
export function toNdjson(records: readonly unknown[]): string {
  return records.map((r) => `${JSON.stringify(r)}\n`).join('');
}
