import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import type { Questions, SetMetrics } from '#shared/schema/metrics.ts';
import { QUESTIONS } from '#shared/schema/questions.ts';

import { questionsAbout } from '../summary.ts';
import { type ReportData, titleOf, witnessOf } from './data.ts';
import { html, type Html, name, type Part } from './html.ts';
import { folded } from './table.ts';

/** The seven questions, asked and answered in words (P5-26 … P5-32): of the best witness and the benchmarks at once. */
export function questionsSection(data: ReportData): Html {
  const witness = witnessOf(data.metrics);
  const sets = data.metrics.sets.filter((set) => set.summary.images > 0 && set !== witness);
  return html`<section id="questions">
    <h2>Seven questions</h2>
    ${witness ? html`<p>The first five about: ${name(titleOf(data, witness.name))}.</p>` : null}
    <dl class="questions">
      ${witness ? pairs(questionsAbout(witness).slice(0, 5)) : null}
      ${aboutBenchmarks(data, 'difficult', 'difficultHighEnough')}
      ${aboutBenchmarks(data, 'out-of-scope', 'outOfScopeLowEnough')}
    </dl>
    ${sets.map((set) => folded(html`The same about: ${name(titleOf(data, set.name))}`, answers(set)))}
  </section> `;
}

function aboutBenchmarks(data: ReportData, kind: BenchmarkKind, question: keyof Questions): Html {
  const asked = data.metrics.sets.filter((set) => set.benchmark === kind && set.summary.images > 0);
  const answer = asked.map(
    (set) => html`<dd>${name(titleOf(data, set.name))}: ${set.questions[question].answer}</dd>`,
  );
  return html`<div>
    <dt>${QUESTIONS[question]}</dt>
    ${answer.length > 0 ? answer : html`<dd>The library has no such benchmark.</dd>`}
  </div>`;
}

function answers(set: SetMetrics): Html {
  return html`<dl class="questions">${pairs(questionsAbout(set))}</dl>`;
}

function pairs(list: readonly { readonly question: string; readonly answer: string }[]): Part {
  return list.map(
    ({ question, answer }) =>
      html`<div>
        <dt>${question}</dt>
        <dd>${answer}</dd>
      </div>`,
  );
}
