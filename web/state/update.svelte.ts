import { Workbox } from 'workbox-window';

import type { UpdateState } from './contract.ts';

/** Registers the service worker in a production build and watches for new versions of the app. */
export function createUpdate(): UpdateState {
  return new Update();
}

class Update implements UpdateState {
  #waiting = $state(false);
  #offlineReady = $state(false);
  #workbox: Workbox | null = null;
  get waiting(): boolean {
    return this.#waiting;
  }
  get offlineReady(): boolean {
    return this.#offlineReady;
  }
  accept = (): void => {
    this.#workbox?.messageSkipWaiting();
  };
}
