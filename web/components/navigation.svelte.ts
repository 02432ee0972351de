import { on } from 'svelte/events';

/** Where the reader is, and how to go elsewhere inside the app without loading the page anew. */
export class Navigation {
  #path = $state(location.pathname);
  /** Counts moves, so that the same address clicked twice still moves the focus. */
  #moves = $state(0);

  get path(): string {
    return this.#path;
  }

  get moves(): number {
    return this.#moves;
  }

  /** @param path with or without a query, which is the page's own to read */
  go(path: string): void {
    if (path !== location.pathname + location.search) history.pushState(null, '', path);
    this.#arrive();
  }

  /** Follows the browser's back and forward and plain clicks on links of this app. Returns the way to stop. */
  listen(): () => void {
    const off = [
      on(window, 'popstate', () => {
        this.#arrive();
      }),
      on(document, 'click', (event) => {
        const path = innerPath(event);
        if (path === null) return;
        event.preventDefault();
        this.go(path);
      }),
    ];
    return () => {
      for (const stop of off) stop();
    };
  }

  #arrive(): void {
    this.#path = location.pathname;
    this.#moves += 1;
    window.scrollTo(0, 0);
  }
}

/** The path and query of a link that this app shows itself; null leaves the click to the browser (new tab, download, anchor). */
function innerPath(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download')) return null;
  if (link.origin !== location.origin || link.hash !== '') return null;
  return link.pathname + link.search;
}
