import type { SetMetrics } from '#shared/schema/metrics.ts';

import { count } from '../words.ts';
import { namesOf, type ReportData, titleOf, witnessOf } from './data.ts';
import { html, type Html, name, type Part } from './html.ts';
import { folded, table } from './table.ts';

/** With more classes than this only those that were confused are drawn. */
const WHOLE = 60;
/** Classes that are drawn at most: more can't be read. */
const DRAWN = 40;

/** Which class was taken for which: a heat map and the pairs that are most easily confused (F-19, P5-28). */
export function confusionSection(data: ReportData): Html {
  const { sets } = data.metrics;
  const witness = witnessOf(data.metrics);
  const others = sets.filter((set) => set !== witness && set.confusion.length > 0 && set.name !== 'training');
  return html`<section id="confusion">
    <h2>What is taken for what</h2>
    ${witness ? confusionOf(data, witness) : html`<p>No set has photos.</p>`}
    ${others.map((set) => folded(html`The same for: ${name(titleOf(data, set.name))}`, confusionOf(data, set)))}
  </section> `;
}

function confusionOf(data: ReportData, set: SetMetrics): Html {
  const { most, errors, pairs } = set.questions.easilyConfused;
  const nameOf = namesOf(data.metrics);
  if (errors === 0) return html`<p>${name(titleOf(data, set.name))}: no class was taken for another.</p>`;
  return html`<p>${name(titleOf(data, set.name))}: ${count(errors, 'error')} in ${count(pairs, 'pair')}.</p>
    <div class="beside">
      ${heatMap(data, set)}
      ${table(
        `Most confused pairs: ${titleOf(data, set.name)}`,
        [{ heading: 'It is' }, { heading: 'taken for' }, { heading: 'times', figures: true }],
        most.map((p) => [name(nameOf(p.truth)), name(nameOf(p.predicted)), p.count]),
      )}
    </div> `;
}

function heatMap(data: ReportData, set: SetMetrics): Html {
  const { labels } = data.metrics;
  const { columns, note } = drawnClasses(labels.length, set);
  const counts = new Map(set.confusion.map(([truth, guess, n]) => [truth * labels.length + guess, n]));
  const nameAt = (column: number): string => labels[column]?.name ?? '';
  const cell = (truth: number, guess: number): Html => {
    const n = counts.get(truth * labels.length + guess) ?? 0;
    if (n === 0) return html`<td></td>`;
    const share = n / Math.max(1, set.classification.classes[truth]?.support ?? 1);
    const kind = truth === guess ? 'hit' : 'miss';
    return html`<td class="${kind}" style="--share:${share.toFixed(3)}">${n}</td>`;
  };
  const caption = `Confusion matrix: ${titleOf(data, set.name)}. Rows: what it is; columns: what was guessed.${note}`;
  return html`<div
    class="scroll"
    role="region"
    aria-label="Confusion matrix: ${titleOf(data, set.name)}"
    tabindex="0"
  >
    <table class="heat">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${columns.map((c) => html`<th scope="col"><span>${name(nameAt(c))}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${columns.map(
          (truth): Part =>
            html`<tr>
              <th scope="row">${name(nameAt(truth))}</th>
              ${columns.map((c) => cell(truth, c))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div> `;
}

function drawnClasses(classes: number, set: SetMetrics): { columns: number[]; note: string } {
  if (classes <= WHOLE) return { columns: Array.from({ length: classes }, (_, c) => c), note: '' };
  const errors = new Map<number, number>();
  for (const [truth, guess, n] of set.confusion) {
    if (truth === guess) continue;
    for (const c of [truth, guess]) errors.set(c, (errors.get(c) ?? 0) + n);
  }
  const worst = [...errors].sort(([a, x], [b, y]) => y - x || a - b).slice(0, DRAWN);
  return {
    columns: worst.map(([c]) => c).sort((a, b) => a - b),
    note: ` Only the ${worst.length} classes of ${classes} that are confused most.`,
  };
}
