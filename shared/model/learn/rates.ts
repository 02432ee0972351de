/** How learning rates differ from the input to the head (Howard and Ruder 2018, arXiv:1801.06146). */
export interface Discriminative {
  /** The head is one group, the layers below are cut into the others, each with as many layers. */
  readonly groups: number;
  /** Factor on the rate of the first group; those between follow in equal ratios up to 1 at the head. */
  readonly lowest: number;
}

/** All weights learn at the same rate. */
export const EVEN: Discriminative = { groups: 1, lowest: 1 };
