/** Markup that is safe to put into a page: made by `html`, never by hand from text. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, markup and lists of it are kept, null is nothing. */
export type Part = string | number | Html | null | readonly Part[];

/**
 * Template tag for markup. Labels, file names and the library's name come from people: whatever is put in as text stays
 * text, in elements and in quoted attributes alike.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((literal, i) => literal + (i < parts.length ? render(parts[i]) : '')).join(''));
}

function render(part: Part | undefined): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return escapeHtml(String(part));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A name from people on its own direction, so that one written from right to left does not turn the line around. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}
