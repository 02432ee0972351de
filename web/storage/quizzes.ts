/** How well and how fast people name photos: the human benchmark beside the model's (P6-28). */
import * as v from 'valibot';

import { Count, Instant, LabelId, Person, PhotoId } from '#shared/schema/names.ts';
import { defineRecord } from '#shared/schema/record.ts';
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

const AnswerSchema = v.object({
  photo: PhotoId,
  /** Class of the photo when it was asked. */
  truth: LabelId,
  /** What the person said; null: "I don't know". */
  answer: v.nullable(LabelId),
  /** Milliseconds from the picture's appearance to the answer, without pauses. */
  ms: Count,
});
export type QuizAnswer = v.InferOutput<typeof AnswerSchema>;

const QuizSchema = v.object({
  v: v.literal(1),
  id: v.string(),
  by: Person,
  at: Instant,
  /** The same seed over the same library asks the same photos. */
  seed: Count,
  /** What was asked of: words for people, such as a benchmark's name. */
  from: v.pipe(v.string(), v.maxLength(400)),
  /** The benchmark whose own words are the truth; null where the labels in force are. */
  benchmark: v.optional(v.nullable(LabelId), null),
  /** Photos of the sample, in the order of asking. */
  photos: v.array(PhotoId),
  answers: v.array(AnswerSchema),
  /** Null while it is under way: it can be gone on with. */
  finishedAt: v.nullable(Instant),
});
/** One sitting of one person. */
export type Quiz = v.InferOutput<typeof QuizSchema>;
export const quizRecord = defineRecord('quiz', 1, QuizSchema);

/** All sittings, newest first. Damaged ones are passed over. */
export async function readQuizzes(db: Database<LibrarySchema>): Promise<readonly Quiz[]> {
  const all = await db.read(['quizzes'], (tx) => tx.objectStore('quizzes').getAll());
  const whole = all.flatMap((stored) => {
    const result = v.safeParse(QuizSchema, stored);
    return result.success ? [result.output] : [];
  });
  return whole.sort((a, b) => (a.at < b.at ? 1 : -1));
}

export async function storeQuiz(db: Database<LibrarySchema>, quiz: Quiz): Promise<void> {
  await db.write(['quizzes'], (tx) => tx.objectStore('quizzes').put(quiz));
}

export async function deleteQuiz(db: Database<LibrarySchema>, id: string): Promise<void> {
  await db.write(['quizzes'], (tx) => tx.objectStore('quizzes').delete(id));
}
