/** Parts of a page of evidence, by the ids of their headings. */
export type Part =
  | 'happy'
  | 'benchmarks'
  | 'popcorn'
  | 'confusion'
  | 'classes'
  | 'trust'
  | 'questions'
  | 'figures'
  | 'curves'
  | 'card';
