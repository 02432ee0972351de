import type { Fault } from '#shared/schema/photo.ts';
import type { KeyChoice } from '../../../state/contract.ts';

/** Everything that a key can do in the labelling room, in the order of the list of keys, with its usual key. */
export const USUAL_KEYS = [
  ['guess1', '1'],
  ['guess2', '2'],
  ['guess3', '3'],
  ['learnt1', 'q'],
  ['learnt2', 'e'],
  ['learnt3', 'r'],
  ['recent1', '4'],
  ['recent2', '5'],
  ['recent3', '6'],
  ['recent4', '7'],
  ['recent5', '8'],
  ['recent6', '9'],
  ['unknown1', 'u'],
  ['unknown2', 'i'],
  ['unknown3', 'j'],
  ['search', '/'],
  ['same', 'g'],
  ['skip', 'ArrowRight'],
  ['back', 'ArrowLeft'],
  ['undo', 'z'],
  ['hint', 'h'],
  ['exclude', 'x'],
  ['wide-angle', 'w'],
  ['back-lit', 'l'],
  ['high-contrast', 't'],
  ['blurry', 'b'],
  ['obscured', 'o'],
  ['multiple-subjects', 'm'],
  ['doctored', 'd'],
  ['unusual-angle', 'a'],
  ['photo-of-screen', 'p'],
  ['too-far', 'f'],
  ['too-close', 'k'],
  ['features-hidden', 'n'],
  ['crop', 'c'],
  ['benchmark', 'v'],
  ['help', '?'],
] as const;

export type Action = (typeof USUAL_KEYS)[number][0];
export type KeyTable = ReadonlyMap<Action, string>;

/** What every fault's action is called: by its own name. */
export const faultAction = (fault: Fault): Action => fault;

/** Keys that the page and the browser need: they move the focus, press buttons and leave dialogs. */
const TAKEN = new Set(['Tab', 'Enter', ' ', 'Escape', 'Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'Dead']);

/** The keys in force: a person's own before the usual ones. What is not known, or can't be a key, is passed over. */
export function keyTable(chosen: readonly KeyChoice[]): KeyTable {
  const own = new Map(chosen.map(({ action, key }) => [action, key]));
  return new Map(
    USUAL_KEYS.map(([action, usual]) => {
      const key = own.get(action);
      return [action, key !== undefined && isUsable(key) ? key : usual];
    }),
  );
}

export function isUsable(key: string): boolean {
  return !TAKEN.has(key) && key.length > 0 && key.length <= 20;
}

/** One name for a key, whatever Shift and Caps Lock do to letters. */
export function keyName(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key;
}

/** What a key does; null for nothing. Where two acts share a key, the first one has it. */
export function actionOf(table: KeyTable, key: string): Action | null {
  const wanted = keyName(key);
  for (const [action, own] of table) if (own === wanted) return action;
  return null;
}

/**
 * What a key that was pressed in a room asks for; null for nothing. A key that is held down must not label a hundred
 * photos (P1-43); fields and dialogs have their own keys. The browser does nothing more with a key that is heard.
 */
export function heard(table: KeyTable, event: KeyboardEvent): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return null;
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest('input:not([type="checkbox"]), textarea, select, dialog')) {
    if (event.key === 'Escape' && at instanceof HTMLInputElement) at.blur();
    return null;
  }
  const action = actionOf(table, event.key);
  if (action !== null) event.preventDefault();
  return action;
}

/** The table with another key for an act. */
export function withKey(table: KeyTable, action: Action, key: string): KeyTable {
  return new Map(table).set(action, keyName(key));
}

/** Acts that share their key with another one. */
export function conflicts(table: KeyTable): ReadonlySet<Action> {
  const byKey = new Map<string, Action[]>();
  for (const [action, key] of table) byKey.set(key, [...(byKey.get(key) ?? []), action]);
  return new Set([...byKey.values()].filter((actions) => actions.length > 1).flat());
}

/** Only what differs from the usual keys is kept. */
export function chosenKeys(table: KeyTable): KeyChoice[] {
  return USUAL_KEYS.flatMap(([action, usual]) => {
    const key = table.get(action) ?? usual;
    return key === usual ? [] : [{ action, key }];
  });
}

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['ArrowRight', '→'],
  ['ArrowLeft', '←'],
  ['ArrowUp', '↑'],
  ['ArrowDown', '↓'],
  ['Backspace', '⌫'],
]);

/** A key as people read it on a button. */
export function keySign(key: string): string {
  return SIGNS.get(key) ?? (key.length === 1 ? key.toUpperCase() : key);
}
