import type { MiddlewareHandler } from 'hono';

/**
 * Strict enough that injected markup can neither run nor send anything away. Styles set by attribute are allowed,
 * since lists and charts place their parts that way; images may come from the device's own memory.
 * No COOP/COEP: isolated pages switch TensorFlow.js to threaded wasm, whose start can hang for ever.
 */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'style-src-attr': "'unsafe-inline'",
  'img-src': "'self' blob: data:",
  'media-src': "'self' blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  // Svelte's templates have a policy of their own; `default` is the app's (web/platform/own-scripts.ts).
  'require-trusted-types-for': "'script'",
  'trusted-types': 'svelte-trusted-html default',
};

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': Object.entries(POLICY)
    .map(([name, value]) => `${name} ${value}`)
    .join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Sets the security headers on every answer, errors included. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
};
