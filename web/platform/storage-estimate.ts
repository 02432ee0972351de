/** How safe and how full this origin's storage is; bytes as the browser estimates them, which is not exact. */
export interface StorageEstimateReport {
  readonly persisted: boolean;
  readonly usage: number;
  readonly quota: number;
}

/** Asks the browser not to throw the library away on its own. Browsers may refuse without asking anybody. */
export async function askToPersist(): Promise<void> {
  try {
    await navigator.storage.persist();
  } catch {
    // Some browsers throw in place of refusing; the report says how it stands.
  }
}

/** Null where the browser does not say. */
export async function storageReport(): Promise<StorageEstimateReport | null> {
  try {
    const [persisted, { usage, quota }] = await Promise.all([
      navigator.storage.persisted(),
      navigator.storage.estimate(),
    ]);
    return usage === undefined || quota === undefined ? null : { persisted, usage, quota };
  } catch {
    return null;
  }
}
