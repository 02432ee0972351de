import type { GateResult } from '#shared/schema/gate.ts';

import { decimal, percent } from '../words.ts';
import { type ReportData, titleOf, witnessOf } from './data.ts';
import { html, type Html, name } from './html.ts';

const VERDICTS = {
  go: { words: 'Go', meaning: 'It meets every target that could be checked.' },
  'no-go': { words: 'No-go', meaning: 'It misses targets of the release gate:' },
  'not-checked': {
    words: 'Not checked',
    meaning: 'There was nothing to check: no benchmarks, nothing in production.',
  },
} as const;

/** The head of the page: what was trained, the verdict, and the figures that most people come for. */
export function overviewSection(data: ReportData): Html {
  const { training, library, trainedAt } = data;
  const { architecture, labels, recipe } = training;
  return html`<header>
    <p class="kicker">Training report · ${trainedAt.slice(0, 10)}</p>
    <h1>${name(library)}</h1>
    <p class="lead">
      ${architecture.name}, ${labels.length} classes, recipe ${recipe}, trained in
      ${duration(training.seconds)}.
    </p>
    ${data.gate ? verdict(data.gate) : null} ${tiles(data)}
  </header> `;
}

function verdict({ decision, reasons }: GateResult): Html {
  const { words, meaning } = VERDICTS[decision];
  return html`<div class="verdict ${decision}">
    <p><strong>${words}</strong> ${meaning}</p>
    ${
      reasons.length > 0
        ? html`<ul>
            ${reasons.map((reason) => html`<li>${reason}</li>`)}
          </ul>`
        : null
    }
  </div> `;
}

function tiles(data: ReportData): Html {
  const { metrics, downloadBytes } = data;
  const set = witnessOf(metrics);
  if (!set) return html`<p>No set has photos.</p>`;
  const { speed } = metrics;
  const figures: readonly (readonly [string, string, string])[] = [
    ['right', percent(set.summary.accuracy), 'the best guess is right'],
    ['happy', percent(set.threshold.truePositive), 'answered, and right'],
    ['sad', percent(set.threshold.falsePositive), 'answered, and wrong'],
    ['weighted log loss', decimal(set.summary.weightedLogLoss, 3), 'lower is better'],
    [
      'a photo takes',
      speed ? `${speed.msPerImage.toFixed(0)} ms` : '–',
      speed ? `on ${speed.engine}` : 'not measured',
    ],
    ['guests download', megabytes(downloadBytes), 'weights of the network'],
  ];
  return html`<p class="tiles-of">${name(titleOf(data, set.name))}, ${set.summary.images} photos:</p>
    <dl class="tiles">
      ${figures.map(
        ([what, figure, note]) =>
          html`<div>
            <dt>${what}</dt>
            <dd><b>${figure}</b><span>${note}</span></dd>
          </div>`,
      )}
    </dl> `;
}

/** `8.2 MB`, as people count downloads. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
