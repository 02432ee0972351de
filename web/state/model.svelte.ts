import type { IdentifyResult, ModelState, ModelStatus } from './contract.ts';

/** The published model on this device. Nothing is fetched before `start()`. */
export function createModel(): ModelState {
  return new Model();
}

class Model implements ModelState {
  #status = $state.raw<ModelStatus>({ kind: 'starting' });
  get status(): ModelStatus {
    return this.#status;
  }
  start = (): Promise<void> => {
    this.#status = { kind: 'none' };
    return Promise.resolve();
  };
  refresh = (): Promise<void> => Promise.resolve();
  identify = (): Promise<IdentifyResult> => Promise.reject(new Error('No model is published yet.'));
}
