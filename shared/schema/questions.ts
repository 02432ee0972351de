/** The questions of seed article 5 about a trained model, word for word as people ask them (P5-26 … P5-32). */
export const QUESTIONS = {
  truthsWithMostErrors: 'Which ground-truth labels get the most errors?',
  guessesMostOftenWrong: 'Which predicted labels get the most incorrect guesses?',
  easilyConfused: 'How many pairs of truth and prediction are there, and which are easily confused?',
  accuracyWithMinimumScore: 'What is the accuracy when a minimum score is applied?',
  errorRateAbove: 'What is the error rate above that minimum score?',
  difficultHighEnough: 'Does the "difficult" benchmark score high enough?',
  outOfScopeLowEnough: 'Does the "out-of-scope" benchmark score low enough?',
} as const;
