import { Workbox } from 'workbox-window';

import type { UpdateState } from './contract.ts';
import { workDone } from './work.ts';

/** Registers the service worker in a production build and watches for new versions of the app. */
export function createUpdate(): UpdateState {
  return new Update();
}

/** Long-open tabs look for a new version this often. */
const LOOK_AGAIN_MS = 60 * 60 * 1000;

class Update implements UpdateState {
  #waiting = $state(false);
  #offlineReady = $state(false);
  #workbox: Workbox | null = null;
  /** Was there a worker before? The first one that takes control changes nothing that the page relies on. */
  #controlled = false;
  #reloading = false;

  constructor() {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    this.#controlled = navigator.serviceWorker.controller !== null;
    this.#offlineReady = this.#controlled;
    // Every tab hears this, also those that did not ask: their old files are gone from the cache.
    navigator.serviceWorker.addEventListener('controllerchange', this.#takenOver);
    void this.#register(new Workbox('/sw.js'));
  }

  get waiting(): boolean {
    return this.#waiting;
  }

  get offlineReady(): boolean {
    return this.#offlineReady;
  }

  accept = (): void => {
    this.#workbox?.messageSkipWaiting();
  };

  async #register(workbox: Workbox): Promise<void> {
    workbox.addEventListener('waiting', () => {
      this.#waiting = true;
    });
    workbox.addEventListener('activated', () => {
      this.#offlineReady = true;
    });
    try {
      await workbox.register();
    } catch {
      // Without a service worker the app works as before, online.
      return;
    }
    this.#workbox = workbox;
    setInterval(() => {
      // A failed look (offline, a broken deploy) leaves the version in use whole.
      workbox.update().catch(() => undefined);
    }, LOOK_AGAIN_MS);
  }

  readonly #takenOver = (): void => {
    if (!this.#controlled) {
      this.#controlled = true;
      return;
    }
    if (this.#reloading) return;
    this.#reloading = true;
    void reloadWhenSaved();
  };
}

/** An import or export in this tab is let finish first; everything else is saved as it happens. */
async function reloadWhenSaved(): Promise<void> {
  await workDone();
  location.reload();
}
