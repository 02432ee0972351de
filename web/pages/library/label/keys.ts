import type { Fault } from '#shared/schema/photo.ts';
import type { KeyChoice } from '../../../state/contract.ts';

const GUESS_KEYS = [
  ['guess1', '1'],
  ['guess2', '2'],
  ['guess3', '3'],
] as const;

const LABEL_KEYS = [
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
] as const;

const WALK_KEYS = [
  ['skip', 'ArrowRight'],
  ['back', 'ArrowLeft'],
  ['undo', 'z'],
] as const;

/** Of faults, but for “too close”, whose key the double-check needs. */
const FAULT_KEYS = [
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
  ['features-hidden', 'n'],
] as const;

/** Everything that a key can do in rooms that label, in the order of the list of keys, with its usual key. */
export const USUAL_KEYS = [
  ...GUESS_KEYS,
  ['learnt1', 'q'],
  ['learnt2', 'e'],
  ['learnt3', 'r'],
  ...LABEL_KEYS,
  ['same', 'g'],
  ...WALK_KEYS,
  ['hint', 'h'],
  ['exclude', 'x'],
  ...FAULT_KEYS,
  ['too-close', 'k'],
  ['crop', 'c'],
  ['benchmark', 'v'],
  ['help', '?'],
] as const;

/** The same for the double-check: what both rooms know has the same key in both, unless it keeps a photo here. */
export const CHECK_KEYS = [
  ['keep', 'k'],
  ['keep-why', 'y'],
  ...GUESS_KEYS,
  ['other-label', 'q'],
  ['other-guess', 'r'],
  ['heat', 'h'],
  ...LABEL_KEYS,
  ...WALK_KEYS,
  ['exceptions', 'e'],
  ['remove', 'Delete'],
  ['to-bin', 's'],
  ['exclude', 'x'],
  ...FAULT_KEYS,
  ['too-close', 'g'],
  ['crop', 'c'],
  ['benchmark', 'v'],
  ['help', '?'],
] as const;

export type Action = (typeof USUAL_KEYS)[number][0] | (typeof CHECK_KEYS)[number][0];
export type KeyTable = ReadonlyMap<Action, string>;
/** What the keys of a room do, in the order of its list of keys. */
export type UsualKeys = readonly (readonly [Action, string])[];

/** What every fault's action is called: by its own name. */
export const faultAction = (fault: Fault): Action => fault;

/** Keys that the page and the browser need: they move the focus, press buttons and leave dialogs. */
const TAKEN = new Set(['Tab', 'Enter', ' ', 'Escape', 'Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'Dead']);

/** The keys in force: a person's own before the usual ones. What is not known, or can't be a key, is passed over. */
export function keyTable(chosen: readonly KeyChoice[], usualKeys: UsualKeys = USUAL_KEYS): KeyTable {
  const own = new Map(chosen.map(({ action, key }) => [action, key]));
  return new Map(
    usualKeys.map(([action, usual]) => {
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

/**
 * What a person chose, with the table of one room as it is now; only what differs from the usual keys is kept.
 * @param before what was chosen so far: that of other rooms stays
 */
export function chosenKeys(
  table: KeyTable,
  usualKeys: UsualKeys = USUAL_KEYS,
  before: readonly KeyChoice[] = [],
): KeyChoice[] {
  const others = before.filter(({ action }) => !usualKeys.some(([own]) => own === action));
  const own = usualKeys.flatMap(([action, usual]) => {
    const key = table.get(action) ?? usual;
    return key === usual ? [] : [{ action, key }];
  });
  return [...others, ...own];
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
