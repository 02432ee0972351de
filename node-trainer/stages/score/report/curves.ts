import { dot, lineY, ruleX } from '@observablehq/plot';

import { type Curve, type FinderPoint, phasesOf, type PhaseCurves } from '#shared/metrics/training-curves.ts';

import { count, decimal, percent } from '../words.ts';
import { chart } from './charts.ts';
import type { ReportData } from './data.ts';
import { html, type Html } from './html.ts';

/** How the training went, phase by phase: loss, accuracy, learning rate, and the search for the rate where there was one. */
export function curvesSection(data: ReportData): Html {
  const phases = phasesOf(data.training);
  return html`<section id="curves">
    <h2>How it learned</h2>
    ${phases.length === 0 ? html`<p>The run kept no curves.</p>` : null}
    ${phases.map(
      (phase) =>
        html`<h3>Phase “${phase.name}”</h3>
          <p>${sentence(phase)}</p>
          <div class="charts">
            ${curveChart(`Loss, phase ${phase.name}`, 'loss', phase.loss)}
            ${curveChart(`Accuracy, phase ${phase.name}`, 'right, %', phase.accuracy)}
            ${phase.learningRate.length > 0 ? curveChart(`Learning rate, phase ${phase.name}`, 'learning rate', [{ name: 'rate', points: phase.learningRate }]) : null}
            ${phase.finder.length > 0 ? finderChart(phase.name, phase.finder) : null}
          </div> `,
    )}
  </section> `;
}

function sentence({ epochs, best, imagesPerSecond, waited }: PhaseCurves): string {
  const end = best ? ` Best validation loss: ${decimal(best.value)} after epoch ${best.epoch}.` : '';
  const speed = imagesPerSecond === null ? '' : ` ${imagesPerSecond.toFixed(0)} photos a second.`;
  const wait = waited === null ? '' : ` It waited for photos ${percent(waited)} of the time.`;
  return `${count(epochs, 'epoch')}.${end}${speed}${wait}`;
}

const COLOURS = ['var(--brand)', 'var(--accent)'];

function curveChart(title: string, unit: string, curves: readonly Curve[]): Html | null {
  const drawn = curves.filter((curve) => curve.points.length > 0);
  if (drawn.length === 0) return null;
  const ends = drawn.map((curve) => {
    const [first, last] = [curve.points[0]?.value ?? 0, curve.points.at(-1)?.value ?? 0];
    return `${curve.name} from ${significant(first)} to ${significant(last)}`;
  });
  return html`<figure>
    ${chart(`${title}: ${ends.join(', ')}.`, {
      x: { label: 'epoch', ticks: 6, tickFormat: 'd' },
      y: { label: unit, grid: true, nice: true },
      marks: drawn.flatMap((curve, i) => [
        lineY(curve.points, { x: 'epoch', y: 'value', stroke: COLOURS[i % 2] ?? '', strokeWidth: 2 }),
        ...(curve.points.length < 3
          ? [dot(curve.points, { x: 'epoch', y: 'value', fill: COLOURS[i % 2] ?? '' })]
          : []),
      ]),
    })}
    <figcaption>
      ${title}: ${drawn.map((curve, i) => html`<span class="key key-${i}">${curve.name}</span> `)}
    </figcaption>
  </figure> `;
}

function finderChart(phase: string, points: readonly FinderPoint[]): Html {
  const best = points.find((point) => point.chosen);
  const title = `Learning-rate finder, phase ${phase}`;
  const words = best ? `, chosen: ${significant(best.rate)}` : '';
  return html`<figure>
    ${chart(`${title}: loss against the learning rate${words}.`, {
      x: { label: 'learning rate', type: 'log', ticks: 4, tickFormat: '.0e' },
      y: { label: 'loss', grid: true },
      marks: [
        lineY(points, { x: 'rate', y: 'loss', stroke: 'var(--brand)', strokeWidth: 2 }),
        ...(best ? [ruleX([best.rate], { stroke: 'var(--accent)', strokeDasharray: '4 3' })] : []),
      ],
    })}
    <figcaption>${title}${words}.</figcaption>
  </figure> `;
}

function significant(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
