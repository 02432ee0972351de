import type { SetMetrics } from '#shared/schema/metrics.ts';

import { asConfidence, count, percent } from '../words.ts';
import { type ReportData, titleOf } from './data.ts';
import { html, type Html, name } from './html.ts';
import { type Column, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { heading: 'Set' },
  { heading: 'What guests would have met' },
  { heading: 'Happy', figures: true },
  { heading: 'Sad', figures: true },
  { heading: 'Asked again', figures: true },
  { heading: 'Photos', figures: true },
  { heading: 'Right, of the answers', figures: true },
];

/** The threshold report (P3-20 … P3-23): for each set what share of all photos made guests happy, sad, or try again. */
export function happinessSection(data: ReportData): Html {
  const { metrics, dataSet } = data;
  const at = asConfidence(metrics.threshold);
  const rows = metrics.sets.filter((set) => set.summary.images > 0).map((set) => rowOf(data, set));
  const covers = `Test covers ${dataSet.testCovers} of ${dataSet.labels.length} classes`;
  return html`<section id="happiness">
    <h2>Happy and sad</h2>
    <p>
      An answer is given at a confidence of ${at} or more. <strong class="happy-word">Happy</strong>: it was
      right. <strong class="sad-word">Sad</strong>: it was wrong. Below ${at} the guest is asked to try again.
      The shares are of all photos of a set and add up to 100 %. A picture that shows none of the classes can
      only make sad.
    </p>
    ${table('Answers at the threshold in every set', COLUMNS, rows)}
    <p>
      ${covers}${dataSet.testCovers < dataSet.labels.length ? ': only classes with more photos than the maximum, or a split with a test share, have test photos.' : '.'}
      ${metrics.unreadable > 0 ? `${count(metrics.unreadable, 'photo')} could not be read and stand in no figure.` : ''}
    </p>
  </section> `;
}

function rowOf(data: ReportData, { name: set, threshold }: SetMetrics) {
  const { truePositive, falsePositive, below, accuracyAbove, images } = threshold;
  return [
    name(titleOf(data, set)),
    stackedBar(truePositive ?? 0, falsePositive ?? 0, below ?? 0),
    percent(truePositive),
    percent(falsePositive),
    percent(below),
    images,
    percent(accuracyAbove),
  ];
}

/** Decoration: the same shares stand in the cells beside it. */
function stackedBar(happy: number, sad: number, again: number): Html {
  const part = (kind: string, share: number): Html | null =>
    share > 0 ? html`<i class="${kind}" style="width:${(share * 100).toFixed(3)}%"></i>` : null;
  return html`<span class="bar" aria-hidden="true"
    >${part('happy', happy)}${part('sad', sad)}${part('again', again)}</span
  >`;
}
