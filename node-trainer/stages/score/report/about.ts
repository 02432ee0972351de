import { duration, megabytes } from './overview.ts';
import type { ReportData } from './data.ts';
import { html, type Html } from './html.ts';
import { facts, folded, table } from './table.ts';

/** What the run cost in time (P4-10), and everything that it takes to repeat it. */
export function aboutSection(data: ReportData): Html {
  const { training, stages, dataSet, options, machine, files } = data;
  const whole = stages.reduce((sum, s) => sum + s.seconds, 0);
  const longest = Math.max(1e-9, ...stages.map((s) => s.seconds));
  return html`<section id="about">
    <h2>What it cost, and how to repeat it</h2>
    ${table(
      'Time of every stage',
      [{ heading: 'Stage' }, { heading: 'Share of the longest' }, { heading: 'Time', figures: true }],
      [
        ...stages.map(({ stage, seconds }) => [
          stage,
          html`<span class="bar small" aria-hidden="true"
            ><i class="happy" style="width:${((seconds / longest) * 100).toFixed(2)}%"></i
          ></span>`,
          duration(seconds),
        ]),
        ['all of them', '', duration(whole)],
      ],
    )}
    ${facts([
      [
        'Network',
        `${training.architecture.name}, width ${training.architecture.width}, ${training.preprocessing.size} px`,
      ],
      ['Parameters', training.architecture.parameters.toLocaleString('en')],
      ['Weights of the backbone', training.weights],
      ['Recipe', training.recipe],
      ['Engine of the training', training.engine],
      ['Epochs took', duration(training.trainingSeconds)],
      [
        'Photos',
        `${dataSet.training.length} training, ${dataSet.validation.length} validation, ${dataSet.test.length} test, ${dataSet.leftOut.length} left out`,
      ],
      ...machine,
    ])}
    ${folded('Every setting', facts(options))}
    ${folded(
      'Files and their SHA-256',
      table(
        'Files of the model',
        [{ heading: 'File' }, { heading: 'Size', figures: true }, { heading: 'SHA-256' }],
        files.map((file) => [file.path, megabytes(file.bytes), html`<code>${file.sha256}</code>`]),
      ),
    )}
  </section> `;
}
