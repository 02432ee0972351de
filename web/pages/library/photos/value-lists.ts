/** Lists of values of which there are few, each made once: equal lists are the same object, so they can be numbered. */
const ones = new Map<string, readonly string[]>();
const several = new Map<string, readonly string[]>();
const EMPTY: readonly string[] = [];

export function listOfOne(value: string): readonly string[] {
  let list = ones.get(value);
  if (!list) ones.set(value, (list = [value]));
  return list;
}

export function listOf(values: readonly string[]): readonly string[] {
  const [first] = values;
  if (first === undefined) return EMPTY;
  if (values.length === 1) return listOfOne(first);
  const key = JSON.stringify(values);
  let list = several.get(key);
  if (!list) several.set(key, (list = [...values]));
  return list;
}
