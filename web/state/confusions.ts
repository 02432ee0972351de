/** What the published model confuses: read for keepers only, apart from what guests download. */
import { confusionEvidence } from '#shared/metrics/confusion-evidence.ts';
import { parseJson } from '#shared/schema/json.ts';
import { metricsRecord } from '#shared/schema/metrics.ts';
import { fetchCatalog, fetchVersionFile } from '../storage/model-fetch.ts';
import type { Confusions } from './contract.ts';

const METRICS = 'report/metrics.json';

/**
 * The mistakes of the version that guests get, from the figures published with it; null where no version is published,
 * or this one came without figures.
 * @throws ModelRefused, Unreachable, RecordError, JsonError
 */
export async function readConfusions(signal: AbortSignal): Promise<Confusions | null> {
  const catalog = await fetchCatalog(signal);
  const published = catalog?.versions.find((entry) => entry.version === catalog.current);
  if (!published) return null;
  const bytes = await fetchVersionFile(published, METRICS, signal);
  if (!bytes) return null;
  const metrics = metricsRecord.read(parseJson(new TextDecoder().decode(bytes), METRICS), METRICS);
  return { version: published.version, pairs: confusionEvidence(metrics) };
}
