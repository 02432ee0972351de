import { count } from '../words.ts';
import { namesOf, type ReportData, titleOf, witnessOf } from './data.ts';
import { html, type Html, name, type Part } from './html.ts';
import { type Column, folded, table } from './table.ts';

/** Rows that are shown at once; more are folded. */
const SHOWN = 30;

const COLUMNS: readonly Column[] = [
  { heading: 'Class' },
  { heading: 'Real / staged / synthetic' },
  { heading: 'Real %', figures: true },
  { heading: 'Training', figures: true },
  { heading: 'Validation', figures: true },
  { heading: 'Test', figures: true },
  { heading: 'Support', figures: true },
  { heading: 'Precision %', figures: true },
  { heading: 'Recall %', figures: true },
  { heading: 'F1 %', figures: true },
  { heading: 'AUC', figures: true },
];

/** Every class: what it was trained on, with the share of real photos (P2-28), and how well it is told apart. */
export function classesSection(data: ReportData): Html {
  const set = witnessOf(data.metrics);
  const outside = data.dataSet.classes.filter((c) => !c.included);
  const figures = rows(data);
  const caption = `Every class, figures of: ${set ? titleOf(data, set.name) : 'none'}; the worst first`;
  const rest = figures.slice(SHOWN);
  return html`<section id="classes">
    <h2>Every class</h2>
    <p>
      Support, precision, recall and F1 are those of:
      ${set ? name(titleOf(data, set.name)) : 'no set, there are no photos'}. Staged and synthetic photos are
      a help for the beginning; in the end all photos should be real.
    </p>
    ${table(caption, COLUMNS, figures.slice(0, SHOWN))}
    ${rest.length > 0 ? folded(`${rest.length} more classes`, table(`${caption}, continued`, COLUMNS, rest)) : null}
    ${
      outside.length > 0
        ? html`<h3>Not in the model</h3>
            <ul class="plain">
              ${outside.map((c) => html`<li>${name(c.name)}: ${count(c.shortBy, 'photo')} short of the minimum of ${data.dataSet.options.minimum}</li>`)}
            </ul>`
        : null
    }
  </section> `;
}

function rows(data: ReportData): Part[][] {
  const figures = witnessOf(data.metrics)?.classification.classes ?? [];
  const counts = new Map(data.dataSet.classes.map((c) => [c.id, c]));
  const nameOf = namesOf(data.metrics);
  return data.metrics.labels
    .map(({ id }, i) => ({ id, figure: figures[i], photos: counts.get(id) }))
    .sort((a, b) => (a.figure?.support ? a.figure.f1 : 2) - (b.figure?.support ? b.figure.f1 : 2))
    .map(({ id, figure, photos }) => {
      const { real = 0, staged = 0, synthetic = 0 } = photos ?? {};
      const has = figure && figure.support > 0 ? figure : null;
      return [
        name(nameOf(id)),
        originBar(real, staged, synthetic),
        share(real / Math.max(1, real + staged + synthetic)),
        photos?.training ?? '–',
        photos?.validation ?? '–',
        photos?.test ?? '–',
        has?.support ?? '–',
        share(has?.precision),
        share(has?.recall),
        share(has?.f1),
        has?.auc?.toFixed(3) ?? '–',
      ];
    });
}

function originBar(real: number, staged: number, synthetic: number): Html {
  const all = Math.max(1, real + staged + synthetic);
  const part = (kind: string, n: number): Html | null =>
    n > 0 ? html`<i class="${kind}" style="width:${((n / all) * 100).toFixed(2)}%"></i>` : null;
  return html`<span class="bar small" aria-hidden="true"
      >${part('real', real)}${part('staged', staged)}${part('synthetic', synthetic)}</span
    >
    <small>${real} / ${staged} / ${synthetic}</small>`;
}

function share(value: number | undefined): string {
  return value === undefined ? '–' : (value * 100).toFixed(1);
}
