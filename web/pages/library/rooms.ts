import type { Component } from 'svelte';

import type { IconName } from '../../components/icons.ts';
import type { LibraryState, ModelState } from '../../state/contract.ts';
import type { Services } from '../services.ts';
import type { LibrarySession } from './session.svelte.ts';

/** What every room of the library gets. */
export interface RoomProps {
  readonly library: LibraryState;
  readonly model: ModelState;
  readonly session: LibrarySession;
  /** Published versions and their scores, where somebody asks for them. */
  readonly openEvidence?: Services['openEvidence'] | undefined;
}

/** One room of the keeper's library. */
export interface Room {
  readonly path: string;
  readonly title:
    | 'room.photos'
    | 'room.label'
    | 'room.second'
    | 'room.check'
    | 'room.classes'
    | 'room.plan'
    | 'room.duplicates'
    | 'room.augment'
    | 'room.bulk'
    | 'room.quiz';
  readonly icon: IconName;
  readonly load: () => Promise<{ readonly default: Component<RoomProps> }>;
}

/** In the order of the tabs; each is fetched when first visited. */
export const ROOMS: readonly [Room, ...Room[]] = [
  { path: '/library', title: 'room.photos', icon: 'library', load: () => import('./photos/Photos.svelte') },
  { path: '/library/label', title: 'room.label', icon: 'label', load: () => import('./label/Label.svelte') },
  {
    path: '/library/second',
    title: 'room.second',
    icon: 'people',
    load: () => import('./second/Second.svelte'),
  },
  {
    path: '/library/check',
    title: 'room.check',
    icon: 'compare',
    load: () => import('./check/Check.svelte'),
  },
  { path: '/library/bulk', title: 'room.bulk', icon: 'many', load: () => import('./bulk/Bulk.svelte') },
  {
    path: '/library/classes',
    title: 'room.classes',
    icon: 'merge',
    load: () => import('./classes/Classes.svelte'),
  },
  { path: '/library/plan', title: 'room.plan', icon: 'bars', load: () => import('./plan/Plan.svelte') },
  {
    path: '/library/duplicates',
    title: 'room.duplicates',
    icon: 'copies',
    load: () => import('./duplicates/Duplicates.svelte'),
  },
  {
    path: '/library/augment',
    title: 'room.augment',
    icon: 'vary',
    load: () => import('./augment/Augment.svelte'),
  },
  { path: '/library/quiz', title: 'room.quiz', icon: 'quiz', load: () => import('./quiz/Quiz.svelte') },
];
