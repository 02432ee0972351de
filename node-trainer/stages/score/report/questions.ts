import type { SetMetrics } from '#shared/schema/metrics.ts';

import { questionsAbout } from '../summary.ts';
import { type ReportData, titleOf, witnessOf } from './data.ts';
import { html, type Html, name } from './html.ts';
import { folded } from './table.ts';

/** The seven questions, asked and answered in words (P5-26 … P5-32); of the best witness at once, of the rest on demand. */
export function questionsSection(data: ReportData): Html {
  const witness = witnessOf(data.metrics);
  const benchmarks = data.metrics.sets.filter(isAsked);
  const rest = data.metrics.sets.filter(
    (set) => set.summary.images > 0 && set !== witness && !benchmarks.includes(set),
  );
  return html`<section id="questions">
    <h2>Seven questions</h2>
    ${[...(witness ? [witness] : []), ...benchmarks].map(
      (set) =>
        html`<h3>${name(titleOf(data, set.name))}</h3>
          ${answers(set)}`,
    )}
    ${rest.map((set) => folded(html`The same about: ${name(titleOf(data, set.name))}`, answers(set)))}
  </section> `;
}

/** The last two questions are about these. */
function isAsked({ benchmark, summary }: SetMetrics): boolean {
  return summary.images > 0 && (benchmark === 'difficult' || benchmark === 'out-of-scope');
}

function answers(set: SetMetrics): Html {
  return html`<dl class="questions">
    ${questionsAbout(set).map(
      ({ question, answer }) =>
        html`<div>
          <dt>${question}</dt>
          <dd>${answer}</dd>
        </div>`,
    )}
  </dl>`;
}
