/** How an identification stands, in words. */
import { tb } from '../../../messages/text-bulk.ts';
import { formatInstant } from '../../../messages/i18n.svelte.ts';
import type { BulkJob, BulkStatus } from '../../../state/contract-bulk.ts';
import { rateOf, timeWords } from './time-left.ts';

type Why = Extract<BulkStatus, { kind: 'paused' }>['why'];

/** "2.4 a second, about 3 minutes left"; empty while nobody knows. */
export function rateWords({ status, total, done }: Pick<BulkJob, 'status' | 'total' | 'done'>): string {
  if (status.kind !== 'running' || status.perSecond === null || status.perSecond <= 0) return '';
  const { perSecond } = status;
  const left = tb('job.left', { time: timeWords(total - done, perSecond) });
  return `${tb('job.rate', { rate: rateOf(perSecond) })}, ${left}`;
}

export function pausedWords({ total, done }: BulkJob, why: Why): string {
  const counts = { done, total };
  switch (why) {
    case 'person':
      return tb('job.paused', counts);
    case 'reload':
      return tb('job.pausedReload', counts);
    case 'files':
      return tb('job.needsFiles', counts);
    case 'version':
      return tb('job.noVersion', counts);
    case 'failed':
      return tb('job.failed', counts);
  }
}

/** For screen readers: four times on the way is often enough. */
export function saidWords({ name, status, done, total }: BulkJob): string {
  if (status.kind !== 'running') return tb(`job.said.${status.kind}`, { name });
  const quarter = total > 0 ? Math.floor((4 * done) / total) : 0;
  return quarter === 0
    ? tb('job.said.running', { name })
    : tb('job.said.quarter', { name, percent: quarter * 25 });
}

export function byWords({ version, at, by }: BulkJob): string {
  const common = { version: String(version), when: formatInstant(at) };
  return by === '' ? tb('job.by', common) : tb('job.byName', { ...common, name: by });
}
