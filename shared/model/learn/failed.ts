/** Training cannot go on: a loss that is no number, or a network that learnt to say the same for everything. */
export class TrainingFailed extends Error {
  override readonly name = 'TrainingFailed';
}

/** How many photos of a batch a message names. */
const NAMED = 8;

/** Where training was when its loss stopped being a number. */
export interface FailedBatch {
  readonly epoch: number;
  /** From 1. */
  readonly batch: number;
  readonly batches: number;
  readonly photos: readonly string[];
  readonly rate: number;
}

/** The loss of a batch is no number: nothing after that can be trusted. */
export class LossFailed extends TrainingFailed {
  readonly failed: FailedBatch;
  constructor(failed: FailedBatch) {
    const { epoch, batch, batches, photos, rate } = failed;
    const more = photos.length > NAMED ? ` and ${photos.length - NAMED} more` : '';
    super(
      `The loss is no number any more in epoch ${epoch}, batch ${batch} of ${batches}, at a learning rate of ` +
        `${rate.toPrecision(2)}. The photos in that batch: ${photos.slice(0, NAMED).join(', ')}${more}.`,
    );
    this.failed = failed;
  }
}
