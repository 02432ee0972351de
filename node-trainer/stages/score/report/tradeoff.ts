import { dot, text } from '@observablehq/plot';

import { decimal, percent } from '../words.ts';
import { chart } from './charts.ts';
import { type ReportData, titleOf, witnessOf } from './data.ts';
import { html, type Html, name, type Part } from './html.ts';
import { megabytes } from './overview.ts';
import { type Column, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { heading: 'Model' },
  { heading: 'Set' },
  { heading: 'Top 1', figures: true },
  { heading: 'Happy', figures: true },
  { heading: 'Weighted log loss', figures: true },
  { heading: 'One photo takes', figures: true },
  { heading: 'Photos a second', figures: true },
  { heading: 'Download', figures: true },
  { heading: 'Parameters', figures: true },
];

interface Candidate {
  readonly title: string;
  readonly metrics: ReportData['metrics'];
  readonly downloadBytes: number | null;
  readonly parameters: number | null;
}

/** Accuracy, speed and size side by side (E-13), beside the versions that there are to compare with. */
export function tradeoffSection(data: ReportData): Html {
  const own: Candidate = {
    title: 'This run',
    metrics: data.metrics,
    downloadBytes: data.downloadBytes,
    parameters: data.training.architecture.parameters,
  };
  const all = [own, ...data.rivals];
  const others = data.rivals.filter((rival) => !rival.samePhotos);
  return html`<section id="tradeoff">
    <h2>Accuracy, speed and size</h2>
    <p>
      What is gained by a larger network is paid for in seconds and in megabytes on a guest’s phone. Times are
      those of the engine that scored the photos; a phone is slower, but the order stays.
    </p>
    ${all.length > 1 ? scatter(all) : null}
    ${table(
      'Accuracy, speed and size',
      COLUMNS,
      all.map((candidate) => rowOf(data, candidate)),
    )}
    ${others.map((rival) => html`<p class="note">${name(rival.title)}: figures of its own publishing, on the photos of its own sets. To have it look at these photos: <code>menagerie evaluate --run … --model …</code></p>`)}
  </section> `;
}

function rowOf(data: ReportData, { title, metrics, downloadBytes, parameters }: Candidate): Part[] {
  const set = witnessOf(metrics);
  const { speed } = metrics;
  return [
    name(title),
    set ? html`${titleOf(data, set.name)}, ${set.summary.images} photos` : '–',
    percent(set?.summary.accuracy ?? null),
    percent(set?.threshold.truePositive ?? null),
    decimal(set?.summary.weightedLogLoss ?? null, 3),
    speed ? `${speed.msPerImage.toFixed(1)} ms (${speed.engine})` : '–',
    speed ? speed.imagesPerSecond.toFixed(0) : '–',
    downloadBytes === null ? '–' : megabytes(downloadBytes),
    parameters === null ? '–' : parameters.toLocaleString('en'),
  ];
}

/** Points of one size would lie on each other; the table says it better then. */
const APART = 0.02;

function scatter(all: readonly Candidate[]): Html | null {
  const points = all.flatMap(({ title, metrics, downloadBytes }) => {
    const accuracy = witnessOf(metrics)?.summary.accuracy ?? null;
    return accuracy === null || downloadBytes === null
      ? []
      : [{ title, accuracy: accuracy * 100, megabytes: downloadBytes / 1e6 }];
  });
  const sizes = points.map((p) => p.megabytes);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (points.length < 2 || most - least < APART * most) return null;
  const rights = points.map((p) => p.accuracy);
  const words = points.map((p) => `${p.title}: ${p.accuracy.toFixed(1)} % at ${p.megabytes.toFixed(1)} MB`);
  return html`<div class="charts">
    <figure>
      ${chart(`Accuracy against download. ${words.join('; ')}.`, {
        x: { label: 'download, MB', domain: [0, most * 1.1] },
        y: {
          label: 'right, %',
          grid: true,
          domain: [Math.min(...rights) - 2, Math.min(100, Math.max(...rights) + 2)],
        },
        marks: [
          dot(points, { x: 'megabytes', y: 'accuracy', r: 7, fill: 'var(--brand)' }),
          text(points, {
            x: 'megabytes',
            y: 'accuracy',
            text: 'title',
            dx: -12,
            textAnchor: 'end',
            fontSize: 12,
          }),
        ],
      })}
      <figcaption>Up and to the left is better.</figcaption>
    </figure>
  </div>`;
}
