/** What a tile of the list shows of a result. */
import { confidence } from '#shared/schema/names.ts';

import type { Listed } from '../../../components/listed.ts';
import type { TileData, TileGuess } from '../../../components/photo-tile.ts';
import { formatNumber } from '../../../messages/i18n.svelte.ts';
import { tb } from '../../../messages/text-bulk.ts';
import type { BulkResult } from '../../../state/contract-bulk.ts';
import { NONE, STANDING, type Rows } from './rows.ts';

/** Names by id, or by kind and id. */
type Names = ReadonlyMap<string, string>;

/** What tiles are made of. */
interface Source {
  readonly rows: Rows;
  readonly labels: Names;
  readonly classes: Names;
  /** Score of an answer, 0 … 1. */
  readonly threshold: number;
}

/** Results by their places, made as they come into sight. @param labels names by kind and id */
export function resultTiles(
  rows: Rows,
  places: Uint32Array,
  labels: Names,
  threshold: number,
): Listed<TileData> {
  const source = { rows, labels, threshold, classes: classNames(rows.labels) };
  return {
    length: places.length,
    at: (index) => {
      const at = places[index];
      const result = at === undefined ? undefined : rows.results[at];
      return result && new ResultTile(source, result, at as number);
    },
  };
}

export function classNames(labels: Rows['labels']): Names {
  return new Map(labels.map(({ id, name }) => [id, name]));
}

/** Words are only found for tiles in sight: of others, a hundred thousand at a time, the id is asked for. */
class ResultTile implements TileData {
  readonly #source: Source;
  readonly #result: BulkResult;
  readonly #at: number;
  readonly unknown = false;

  constructor(source: Source, result: BulkResult, at: number) {
    this.#source = source;
    this.#result = result;
    this.#at = at;
  }

  get id(): string {
    return this.#result.key;
  }
  get fileName(): string {
    return this.#result.file;
  }
  get label(): string {
    return labelWords(this.#source.rows, this.#at, this.#source.labels);
  }
  get faint(): boolean {
    return (this.#source.rows.standing[this.#at] as number) <= STANDING.bare;
  }
  get guess(): TileGuess {
    const [best] = this.#result.top;
    if (!best) return { name: tb('tile.unread'), value: '', share: 0, sure: false };
    const { score } = best;
    return {
      name: this.#named(best),
      value: valueOf(best),
      share: score,
      sure: score >= this.#source.threshold,
    };
  }
  get details(): string {
    const next = this.#result.top.slice(1);
    return next.map((one) => tb('tile.next', { name: this.#named(one), value: valueOf(one) })).join(' · ');
  }
  get said(): string {
    const { label } = this;
    const [best] = this.#result.top;
    if (!best) return tb('tile.saidUnread', { label });
    return tb('tile.said', { name: this.#named(best), value: valueOf(best), label });
  }

  #named({ label }: BulkResult['top'][number]): string {
    return this.#source.classes.get(label) ?? label;
  }
}

function valueOf({ score }: BulkResult['top'][number]): string {
  return formatNumber(confidence(score));
}

/** The label that a result has, or why it has none. */
export function labelWords({ standing, label, worn }: Rows, at: number, names: Names): string {
  const key = label[at] === NONE ? '' : (worn[label[at] as number] ?? '');
  const name = names.get(key) ?? key.slice(key.indexOf(' ') + 1);
  switch (standing[at]) {
    case STANDING.outside:
    case STANDING.gone:
      return tb('tile.outside');
    case STANDING.bare:
      return tb('tile.bare');
    case STANDING.unknown:
      return tb('tile.unknown', { name });
    case STANDING.agrees:
      return name;
    default:
      return tb('tile.differs', { name });
  }
}
