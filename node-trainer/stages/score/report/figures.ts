import { type ReportData, titleOf } from './data.ts';
import { html, type Html, name, type Part } from './html.ts';
import { figureColumns, table } from './table.ts';

/** Everything a table of figures says about a set (P5-24, P5-25). */
export function figuresSection(data: ReportData): Html {
  const figure = (value: number | null, digits: number): string =>
    value === null ? '–' : value.toFixed(digits);
  const share = (value: number | null): string => (value === null ? '–' : (value * 100).toFixed(1));
  const headings = [
    'Set',
    'Photos',
    'Top 1 %',
    'Top 3 %',
    'Top 5 %',
    'F1 macro',
    'F1 weighted',
    'MCC',
    'AUC-ROC',
    'Avg precision',
    'Log loss',
    'Weighted',
    'ECE %',
  ];
  const rows = data.metrics.sets
    .filter((set) => set.summary.images > 0)
    .map((set): Part[] => {
      const { summary, classification, ranking, calibration } = set;
      return [
        name(titleOf(data, set.name)),
        summary.images,
        share(summary.accuracy),
        share(summary.top3),
        share(set.top5),
        figure(classification.macro?.f1 ?? null, 3),
        figure(classification.weighted?.f1 ?? null, 3),
        figure(set.matthewsCorrelation, 3),
        figure(ranking.macroAuc, 4),
        figure(ranking.macroAveragePrecision, 3),
        figure(summary.logLoss, 4),
        figure(summary.weightedLogLoss, 4),
        share(calibration.before.calibrationError),
      ];
    });
  return html`<section id="figures">
    <h2>All figures of all sets</h2>
    ${table('Metrics of every set', figureColumns(headings), rows)}
    <p class="note">
      Pictures out of scope count only in “happy and sad”: there is no right guess for them. The weighted log
      loss used the commonly-confused table <code>${data.metrics.confusedTable.slice(0, 12)}</code>; only
      losses under the same table compare.
    </p>
  </section> `;
}
