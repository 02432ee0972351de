/** Where in the room somebody is, as its address says: which identification, and what is asked of it. */
import { decodeQuery, encodeQuery, type BulkQuery } from './query.ts';

const ROOM = '/library/bulk';

export interface Place {
  /** null: the list of identifications. */
  readonly job: string | null;
  readonly query: BulkQuery;
}

export function placeIn(search: string): Place {
  const parts = new URLSearchParams(search);
  return { job: parts.get('job'), query: decodeQuery(parts.get('q') ?? '') };
}

export function addressOf(job: string, query?: BulkQuery): string {
  const parts = new URLSearchParams({ job });
  const asked = query ? encodeQuery(query) : '';
  if (asked !== '') parts.set('q', asked);
  return `${ROOM}?${parts.toString()}`;
}
