import type { Metrics, SetMetrics } from '#shared/schema/metrics.ts';

import { COLUMNS } from './summary.ts';
import { percent } from './words.ts';

/** What the page says above its tables. */
export interface ReportFacts {
  readonly title: string;
  /** Name and value, for people. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** One self-contained page without scripts: figures of all sets, classes and confusions. */
export function reportHtml({ title, facts }: ReportFacts, { sets, labels }: Metrics): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
<h1>${escape(title)}</h1>
${table(['', ''], facts)}
<h2>Sets</h2>
${table(
  COLUMNS.map(([heading]) => heading),
  sets.map(({ summary }) => COLUMNS.map(([, cell]) => cell(summary))),
)}
${sets
  .filter((set) => set.summary.images > 0)
  .map((set) => section(set, labels))
  .join('\n')}
</html>
`;
}

function section(set: SetMetrics, labels: Metrics['labels']): string {
  const classes = set.classification.classes
    .map((c, i) => ({ ...c, name: labels[i]?.name ?? '' }))
    .filter((c) => c.support > 0)
    .map((c) => [c.name, String(c.support), percent(c.precision), percent(c.recall), percent(c.f1)]);
  const pairs = set.questions.easilyConfused.most.map((p) => [p.truth, p.predicted, String(p.count)]);
  return `<h2>${escape(set.name)}</h2>
${pairs.length > 0 ? `<h3>Most confused</h3>${table(['truth', 'guess', 'times'], pairs)}` : '<p>No class was taken for another.</p>'}
<details><summary>Every class</summary>${table(['class', 'images', 'precision', 'recall', 'F1'], classes)}</details>`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<div class="wide"><table>${line(headings, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table></div>`;
}

/** Names come from people: they are text, never markup. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1d2521; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem .25rem 0; text-align: right; border-bottom: 1px solid #d8dfda; }
th:first-child, td:first-child { text-align: left; }
summary { cursor: pointer; margin: .5rem 0; }`;
