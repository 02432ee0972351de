import { aboutSection } from './about.ts';
import { calibrationSection } from './calibration.ts';
import { classesSection } from './classes.ts';
import { confusionSection } from './confusion.ts';
import { curvesSection } from './curves.ts';
import type { ReportData } from './data.ts';
import { figuresSection } from './figures.ts';
import { gateSection } from './gate.ts';
import { happinessSection } from './happiness.ts';
import { html, type Html } from './html.ts';
import { overviewSection } from './overview.ts';
import { picturesSection } from './pictures.ts';
import { questionsSection } from './questions.ts';
import { STYLE } from './style.ts';
import { tradeoffSection } from './tradeoff.ts';

/** In the order of the page: what decides comes first, what explains it after, what repeats it last. */
const SECTIONS: readonly (readonly [
  id: string,
  title: string,
  section: (data: ReportData) => Html | null,
])[] = [
  ['happiness', 'Happy and sad', happinessSection],
  ['gate', 'Benchmarks', (data) => data.gate && gateSection(data.gate)],
  ['questions', 'Seven questions', questionsSection],
  ['pictures', 'Pictures', picturesSection],
  ['confusion', 'Confusion', confusionSection],
  ['calibration', 'Confidence', calibrationSection],
  ['curves', 'Learning', curvesSection],
  ['tradeoff', 'Speed and size', tradeoffSection],
  ['classes', 'Classes', classesSection],
  ['figures', 'All figures', figuresSection],
  ['about', 'Cost and settings', aboutSection],
];

/** Nothing may be fetched and nothing may run, whatever a name tries. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * The evidence of a run as one page: no scripts, nothing fetched, light and dark, readable on a phone and on paper.
 */
export function reportHtml(data: ReportData): string {
  const sections = SECTIONS.map(([id, title, section]) => ({ id, title, content: section(data) })).filter(
    (s) => s.content !== null,
  );
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
      <meta name="color-scheme" content="light dark" />
      <title>Training report: ${data.library}</title>
      <style>
        ${STYLE}
      </style>
    </head>
    <body>
      <main>
        ${overviewSection(data)}
        <nav aria-label="Sections">
          <ul>
            ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
        ${sections.map((s) => s.content)}
      </main>
    </body>
  </html> `;
  return `<!doctype html>\n${page.text}`;
}
