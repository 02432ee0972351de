import type { GateCheck, GateComparison, GateResult } from '#shared/schema/gate.ts';
import { versionFolder } from '#shared/schema/names.ts';

import { decimal, percent } from '../words.ts';
import { html, type Html, name, type Part } from './html.ts';
import { type Column, table } from './table.ts';

const CHECKS: readonly Column[] = [
  { heading: 'Check' },
  { heading: 'Outcome' },
  { heading: 'Target', figures: true },
  { heading: 'Measured', figures: true },
  { heading: 'In production', figures: true },
];
const SPREAD: readonly Column[] = [
  { heading: 'Benchmark' },
  { heading: 'Model' },
  { heading: 'Photos', figures: true },
  { heading: 'Min', figures: true },
  { heading: 'Median', figures: true },
  { heading: 'Mean', figures: true },
  { heading: 'Max', figures: true },
  { heading: 'At or above', figures: true },
  { heading: 'Below', figures: true },
];
const OUTCOMES = { passed: '✓ passed', failed: '✗ failed', 'not-checked': '– not checked' } as const;

/** The release gate, check by check, against the targets and against what guests have now (P2-13 … P2-21). */
export function gateSection(gate: GateResult): Html {
  const against =
    gate.comparedWith === null
      ? 'Nothing that can be compared is in production yet.'
      : `In production: version ${versionFolder(gate.comparedWith)}.`;
  const spread = gate.comparisons.flatMap((c) => spreadRows(c, gate.comparedWith));
  return html`<section id="gate">
    <h2>Benchmarks and release gate</h2>
    <p>No single number decides: every check stands for itself. ${against}</p>
    ${table('Checks of the release gate', CHECKS, gate.checks.map(checkRow))}
    ${
      spread.length > 0
        ? html`<h3>How the scores of the benchmarks spread</h3>
            <p>
              Photos of the model’s classes by the score of the true one: higher is better. Photos out of
              scope by the best score, whatever it is for: lower is better.
            </p>
            ${table('Smallest, middle, mean and largest score of each benchmark', SPREAD, spread)}`
        : null
    }
  </section> `;
}

function checkRow(check: GateCheck): Part[] {
  const figure = FIGURES[check.check] ?? percent;
  return [
    html`<span class="sentence">${check.sentence}</span>`,
    html`<span class="outcome ${check.outcome}">${OUTCOMES[check.outcome]}</span>`,
    figure(check.target),
    figure(check.measured),
    figure(check.production),
  ];
}

const whole = (value: number | null): string => (value === null ? '–' : String(value));
const FIGURES: Partial<Record<GateCheck['check'], (value: number | null) => string>> = {
  'most-common-errors': whole,
  'weighted-log-loss': (value) => decimal(value),
};

type Spread = GateComparison['known']['measured'];

function spreadRows(c: GateComparison, production: number | null): Part[][] {
  const version = production === null ? 'production' : `version ${versionFolder(production)}`;
  const rows: readonly (readonly [what: string, model: string, spread: Spread])[] = [
    ['', 'this run', c.known.measured],
    ['', version, c.known.production],
    [', out of scope', 'this run', c.outOfScope.measured],
    [', out of scope', version, c.outOfScope.production],
  ];
  return rows.flatMap(([what, model, spread]) =>
    spread === null
      ? []
      : [[html`${name(c.name)}${what} <small>${c.kind}</small>`, model, ...figuresOf(spread)]],
  );
}

function figuresOf(spread: NonNullable<Spread>): Part[] {
  const { images, min, median, mean, max, above, below } = spread;
  return [images, ...[min, median, mean, max].map((score) => (score * 100).toFixed(1)), above, below];
}
