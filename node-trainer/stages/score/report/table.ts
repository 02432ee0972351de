import { html, type Html, type Part } from './html.ts';

/** A column of a table: its heading, and whether it holds figures. */
export interface Column {
  readonly heading: Part;
  readonly figures?: boolean;
}

/** Columns by their headings; all but the first hold figures. */
export function figureColumns(headings: readonly string[]): Column[] {
  return headings.map((heading, i) => ({ heading, figures: i > 0 }));
}

/**
 * A table with a caption for those who listen, the first cell of each row being its heading. It scrolls sideways by
 * itself where the screen is narrow.
 */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Part[])[]): Html {
  const cell = (column: Column | undefined): string => (column?.figures ? 'figure' : 'words');
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((c) => html`<th scope="col" class="${cell(c)}">${c.heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((part, i) =>
                i === 0
                  ? html`<th scope="row" class="words">${part}</th>`
                  : html`<td class="${cell(columns[i])}">${part}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div> `;
}

/** Names and values, one below the other. */
export function facts(pairs: readonly (readonly [name: string, value: Part])[]): Html {
  return html`<dl class="facts">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Something that most readers can do without: closed until it is asked for. */
export function folded(summary: Part, content: Part): Html {
  return html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;
}
