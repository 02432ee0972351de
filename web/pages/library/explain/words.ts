import type { Finding } from '#shared/explain/findings.ts';

import { tm } from '../../../messages/text-model.ts';

/** One plain sentence a finding. @param name of the class that was asked about */
export function wordsOf(finding: Finding, name: string): string {
  switch (finding.kind) {
    case 'looked': {
      const place = tm(`explain.place.${finding.at.row}.${finding.at.column}`);
      return tm(`explain.${finding.how}`, { place });
    }
    case 'against': {
      const place = tm(`explain.place.${finding.at.row}.${finding.at.column}`);
      return tm('explain.against', { place, name });
    }
    case 'nothing':
      return tm('explain.nothing', { name });
    default:
      return tm(`explain.${finding.kind}`);
  }
}
