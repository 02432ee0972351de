interface TrustedTypes {
  readonly createPolicy: (
    name: string,
    rules: { readonly createScriptURL: (address: string) => string },
  ) => unknown;
}

/**
 * Under the server's `require-trusted-types-for` the browser asks this before any address becomes a worker's script:
 * only the app's own may. Markup from strings is refused altogether. Browsers without Trusted Types skip it.
 */
export function allowOwnScriptsOnly(): void {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createScriptURL: (address) => {
      if (new URL(address, location.href).origin === location.origin) return address;
      throw new TypeError(`${address} is no script of this app`);
    },
  });
}
