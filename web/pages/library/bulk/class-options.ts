import { labelKey } from '#shared/schema/names.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface ClassOption {
  readonly key: string;
  readonly text: string;
  readonly hint?: string;
  readonly value: Named;
}

const MOST_SHOWN = 50;

/** Classes whose name contains the typed text, those that begin with it first. @param hint said beside a class */
export function classOptions(
  classes: readonly Named[],
  query: string,
  hint: (at: number) => string = () => '',
): ClassOption[] {
  const wanted = labelKey(query);
  const begins = ({ text }: ClassOption): number => (labelKey(text).startsWith(wanted) ? 0 : 1);
  return classes
    .map(({ id, name }, at) => ({ key: id, text: name, hint: hint(at), value: { id, name } }))
    .filter(({ text }) => labelKey(text).includes(wanted))
    .sort((a, b) => begins(a) - begins(b) || a.text.localeCompare(b.text))
    .slice(0, MOST_SHOWN);
}
