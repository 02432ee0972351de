/** A text, or one text per plural form chosen by the parameter `n`. */
export type Message =
  string | { readonly one?: string; readonly few?: string; readonly many?: string; readonly other: string };
export type Catalogue = Readonly<Record<string, Message>>;
type Params = Readonly<Record<string, string | number>>;

/** The language of the interface; everything that shows a text follows when it changes. */
export const language = $state({ tag: 'en' });

/** Number in the reader's way of writing: 12,345.6. */
export function formatNumber(n: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(language.tag, options).format(n);
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
  const rule = new Intl.PluralRules(language.tag).select(Number(params.n));
  return (rule in message ? message[rule as keyof typeof message] : undefined) ?? message.other;
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}
