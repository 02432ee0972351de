/** A text, or one text per plural form chosen by the parameter `n`. */
export type Message =
  string | { readonly one?: string; readonly few?: string; readonly many?: string; readonly other: string };
export type Catalogue = Readonly<Record<string, Message>>;
type Params = Readonly<Record<string, string | number>>;

/** The language of the interface; everything that shows a text follows when it changes. */
export const language = $state({ tag: 'en' });

/** Making one takes a hundred times as long as using it, and a page may show thousands of numbers at every step. */
const numberFormats = new Map<string, Intl.NumberFormat>();
const pluralRules = new Map<string, Intl.PluralRules>();

/** Number in the reader's way of writing: 12,345.6. */
export function formatNumber(n: number, options?: Intl.NumberFormatOptions): string {
  const key = options ? `${language.tag} ${JSON.stringify(options)}` : language.tag;
  return kept(numberFormats, key, () => new Intl.NumberFormat(language.tag, options)).format(n);
}

/** Day and time in the reader's way of writing. */
export function formatInstant(iso: string): string {
  return new Intl.DateTimeFormat(language.tag, { dateStyle: 'medium', timeStyle: 'short' }).format(
    Date.parse(iso),
  );
}

/** Names between braces in a text or in any of its plural forms. */
type Placeholder<M> = M extends string
  ? M extends `${string}{${infer Name}}${infer Rest}`
    ? Name | Placeholder<Rest>
    : never
  : Placeholder<M[keyof M]>;

type Values<M> = [Placeholder<M>] extends [never] ? [] : [Readonly<Record<Placeholder<M>, string | number>>];

/**
 * Makes the `t` of a catalogue: a key and the values of its `{placeholders}` → text. `n` also chooses the
 * plural form. Values are put in as they are, never parsed, and the result is shown as text only.
 */
export function translator<C extends Catalogue>(
  catalogue: C,
): <K extends keyof C & string>(key: K, ...values: Values<C[K]>) => string {
  return (key, ...[values]) => fill(form(catalogue[key] ?? key, values ?? {}), values ?? {});
}

function form(message: Message, params: Params): string {
  if (typeof message === 'string') return message;
  const rules = kept(pluralRules, language.tag, () => new Intl.PluralRules(language.tag));
  const rule = rules.select(Number(params.n));
  return (rule in message ? message[rule as keyof typeof message] : undefined) ?? message.other;
}

function kept<T>(all: Map<string, T>, key: string, make: () => T): T {
  const found = all.get(key) ?? make();
  all.set(key, found);
  return found;
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}
