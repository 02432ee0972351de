import { mount } from 'svelte';

import App from './App.svelte';
import { allowOwnScriptsOnly } from './platform/own-scripts.ts';
import type { LibraryState } from './state/contract.ts';
import type { EvidenceState } from './state/contract-evidence.ts';
import { createModel } from './state/model.svelte.ts';
import { createUpdate } from './state/update.svelte.ts';
import './styles/app.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');

allowOwnScriptsOnly();
const model = createModel();
const update = createUpdate();

let library: Promise<LibraryState> | undefined;
function openLibrary(): Promise<LibraryState> {
  library ??= import('./state/library.svelte.ts').then(({ createLibrary }) => {
    const opened = createLibrary();
    void opened.open();
    return opened;
  });
  return library;
}

let evidence: Promise<EvidenceState> | undefined;
function openEvidence(): Promise<EvidenceState> {
  evidence ??= import('./state/evidence.svelte.ts').then(({ createEvidence }) => createEvidence());
  return evidence;
}

mount(App, { target, props: { model, update, openLibrary, openEvidence } });
