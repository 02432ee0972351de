/**
 * Runs work while holding a lock that all tabs of this origin share; a tab that crashes lets go at once.
 * @throws LockBusy at once when another tab holds it
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    if (!lock) throw new LockBusy();
    return work();
  });
}

/** Another tab is at it. */
class LockBusy extends Error {
  override readonly name = 'LockBusy';
  constructor() {
    super('Another tab of Menagerie is doing this right now. Wait until it is done, then try again.');
  }
}
