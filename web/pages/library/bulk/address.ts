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

export function addressOf(job: string): string {
  return `${ROOM}?${new URLSearchParams({ job }).toString()}`;
}

/** The same address with this question; what else stands there stays. */
export function withQuestion(address: string, job: string, query: BulkQuery): string {
  const url = new URL(address);
  url.searchParams.set('job', job);
  const asked = encodeQuery(query);
  if (asked === '') url.searchParams.delete('q');
  else url.searchParams.set('q', asked);
  return url.href;
}
