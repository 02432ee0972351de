import * as v from 'valibot';

import { QUESTIONS } from './questions.ts';

/** What is needed of version 1 on the way to version 2; everything else is carried over and checked there. */
const OldLabels = v.array(v.object({ name: v.string(), errors: v.number(), of: v.number() }));
const OldSet = v.looseObject({
  summary: v.looseObject({ logLoss: v.nullable(v.number()) }),
  threshold: v.looseObject({}),
  calibrationError: v.nullable(v.number()),
  classification: v.looseObject({ classes: v.array(v.looseObject({ name: v.string() })) }),
  ranking: v.looseObject({ classes: v.array(v.looseObject({})) }),
  confusion: v.array(v.array(v.number())),
  questions: v.looseObject({
    truthsWithMostErrors: OldLabels,
    guessesMostOftenWrong: OldLabels,
    easilyConfused: v.looseObject({
      most: v.array(v.object({ truth: v.string(), predicted: v.string(), count: v.number() })),
    }),
  }),
});
type OldSet = v.InferOutput<typeof OldSet>;
const OldMetrics = v.looseObject({ labels: v.array(v.string()), sets: v.array(OldSet) });

/**
 * Version 1 had a dense confusion matrix, questions without words, no calibration after a temperature and no pictures.
 * @throws ValiError where it is not even a version 1
 */
export function upFromVersion1(old: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { labels, sets, ...rest } = v.parse(OldMetrics, old);
  const names = sets[0]?.classification.classes.map((c) => c.name) ?? labels;
  const idOf = (name: string): string => labels[names.indexOf(name)] ?? name;
  return {
    ...rest,
    model: 'run',
    labels: labels.map((id, i) => ({ id, name: names[i] ?? id })),
    temperature: { kind: 'none', images: 0, reason: 'Scored by an older Menagerie, which fitted none.' },
    speed: null,
    unreadable: 0,
    sets: sets.map((set) => upSet(set, idOf)),
  };
}

function upSet(set: OldSet, idOf: (name: string) => string): Record<string, unknown> {
  const { classification, ranking, questions, summary, threshold, calibrationError, ...rest } = set;
  const labelled = (old: v.InferOutput<typeof OldLabels>) => ({
    labels: old.map(({ name, errors, of }) => ({ label: idOf(name), errors, of })),
  });
  const pairs = questions.easilyConfused;
  return {
    ...rest,
    summary,
    threshold,
    classification: {
      ...classification,
      classes: classification.classes.map((c, i) => ({ ...c, ...ranking.classes[i] })),
    },
    ranking,
    calibration: {
      before: { ...threshold, logLoss: summary.logLoss, calibrationError, bins: [] },
      after: null,
    },
    confusion: filledCells(set.confusion),
    questions: inWords({
      ...questions,
      truthsWithMostErrors: labelled(questions.truthsWithMostErrors),
      guessesMostOftenWrong: labelled(questions.guessesMostOftenWrong),
      easilyConfused: {
        ...pairs,
        most: pairs.most.map((p) => ({ ...p, truth: idOf(p.truth), predicted: idOf(p.predicted) })),
      },
    }),
    pictures: [],
  };
}

function filledCells(dense: readonly (readonly number[])[]): [number, number, number][] {
  return dense.flatMap((row, truth) =>
    row.flatMap((count, guess): [number, number, number][] => (count > 0 ? [[truth, guess, count]] : [])),
  );
}

const NO_WORDS = 'Scored by an older Menagerie, which kept the figures but no words.';

function inWords(old: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(QUESTIONS).map(([name, question]) => {
      const figures = old[name];
      const value = typeof figures === 'object' && figures !== null ? figures : { value: figures };
      return [name, { question, answer: NO_WORDS, ...value }];
    }),
  );
}
