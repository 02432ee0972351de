/// <reference types="vite-plugin-pwa/client" />
/** Keeps the app itself for use without a network. Policy, in order: the app's own files from the precache; any page
 * address is the app; everything else (models, sample, API) goes to the network, since the app verifies and keeps
 * models itself. A new version waits until a person agrees. */
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/models\//, /^\/sample\//, /^\/api\//],
  }),
);

self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
clientsClaim();
