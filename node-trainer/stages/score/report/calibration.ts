import { dot, link, ruleX } from '@observablehq/plot';

import type { CalibrationFigures } from '#shared/schema/metrics.ts';

import { temperatureText } from '../summary.ts';
import { decimal, percent } from '../words.ts';
import { chart } from './charts.ts';
import { type ReportData, titleOf, witnessOf } from './data.ts';
import { html, type Html, name } from './html.ts';
import { figureColumns, table } from './table.ts';

/** Can a confidence of 80 be read as "right four times in five"? Before and after the temperature, which is never applied. */
export function calibrationSection(data: ReportData): Html {
  const sets = data.metrics.sets.filter((set) => (set.summary.accuracy ?? null) !== null);
  const witness = witnessOf(data.metrics);
  const rows = sets.flatMap((set) => [
    [html`${name(titleOf(data, set.name))}`, ...cells(set.calibration.before)],
    ...(set.calibration.after
      ? [[html`${name(titleOf(data, set.name))}, with the temperature`, ...cells(set.calibration.after)]]
      : []),
  ]);
  const headings = ['Set', 'Calibration error', 'Log loss', 'Happy', 'Sad', 'Asked again'];
  return html`<section id="calibration">
    <h2>How far the confidence can be trusted</h2>
    <p>${temperatureText(data.metrics)}</p>
    ${witness ? diagrams(titleOf(data, witness.name), witness.calibration) : null}
    ${table('Calibration before and after the temperature', figureColumns(headings), rows)}
  </section> `;
}

function cells({
  calibrationError,
  logLoss,
  truePositive,
  falsePositive,
  below,
}: CalibrationFigures): string[] {
  return [
    percent(calibrationError),
    decimal(logLoss),
    percent(truePositive),
    percent(falsePositive),
    percent(below),
  ];
}

function diagrams(
  set: string,
  { before, after }: { readonly before: CalibrationFigures; readonly after: CalibrationFigures | null },
): Html {
  return html`<div class="charts">
    ${diagram(`${set}: scores as they are`, before)}${after && diagram(`${set}: with the temperature`, after)}
  </div> `;
}

function diagram(title: string, figures: CalibrationFigures): Html | null {
  const bins = figures.bins.flatMap((bin) =>
    bin.confidence === null || bin.accuracy === null
      ? []
      : [{ confidence: bin.confidence * 100, accuracy: bin.accuracy * 100, images: bin.images }],
  );
  if (bins.length === 0) return null;
  const words = bins.map(
    (b) => `at ${b.confidence.toFixed(0)}: ${b.accuracy.toFixed(0)} % right of ${b.images}`,
  );
  return html`<figure>
    ${chart(`Reliability diagram. ${title}. ${words.join('; ')}.`, {
      x: { label: 'mean confidence', domain: [0, 100] },
      y: { label: 'right, %', domain: [0, 100], grid: true },
      r: { range: [2, 12] },
      marks: [
        link([0], {
          x1: 0,
          y1: 0,
          x2: 100,
          y2: 100,
          stroke: 'currentColor',
          strokeOpacity: 0.5,
          strokeDasharray: '4 4',
        }),
        ruleX(bins, {
          x: 'confidence',
          y1: 'confidence',
          y2: 'accuracy',
          stroke: 'var(--bad)',
          strokeWidth: 2,
        }),
        dot(bins, { x: 'confidence', y: 'accuracy', r: 'images', fill: 'var(--brand)', fillOpacity: 0.8 }),
      ],
    })}
    <figcaption>
      ${title}. On the dashed line a confidence is what it says; above it the model is too modest, below it
      too sure. The larger a dot, the more photos.
    </figcaption>
  </figure> `;
}
