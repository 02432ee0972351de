import type { IdentifyResult } from '../../state/contract.ts';

/** Name of the event on `document`; see docs/formats.md. */
export const IDENTIFIED = 'menagerie:identified';

/** Tells the page itself, for example a kiosk's own script, what was just shown. Nothing leaves the page. */
export function tell(result: IdentifyResult): void {
  document.dispatchEvent(new CustomEvent<IdentifyResult>(IDENTIFIED, { detail: result }));
}
