import type { Component } from 'svelte';

import type { IconName } from './components/icons.ts';
import type { Services } from './pages/services.ts';

export interface Route {
  readonly path: string;
  readonly title: 'nav.identify' | 'nav.library' | 'nav.model' | 'nav.about';
  readonly icon: IconName;
  /** Fills the window and scrolls inside; other pages scroll as a whole. */
  readonly fills?: boolean;
  /** Addresses below its own are rooms of this page. */
  readonly rooms?: boolean;
  readonly load: () => Promise<{ readonly default: Component<Services> }>;
}

/** Every page, fetched when first visited: guests never download the keeper's code. */
export const ROUTES: readonly Route[] = [
  { path: '/', title: 'nav.identify', icon: 'camera', load: () => import('./pages/Identify.svelte') },
  {
    path: '/library',
    title: 'nav.library',
    icon: 'library',
    fills: true,
    rooms: true,
    load: () => import('./pages/Library.svelte'),
  },
  {
    path: '/model',
    title: 'nav.model',
    icon: 'model',
    rooms: true,
    load: () => import('./pages/Model.svelte'),
  },
  { path: '/about', title: 'nav.about', icon: 'info', load: () => import('./pages/About.svelte') },
];

/** The route of a path; a slash at the end makes no difference. */
export function findRoute(path: string): Route | undefined {
  const wanted = path.replace(/(?<=.)\/+$/, '').replace(/^\/index\.html$/, '/');
  return ROUTES.find((r) => r.path === wanted || (r.rooms === true && wanted.startsWith(`${r.path}/`)));
}
