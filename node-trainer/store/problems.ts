/** The model store can't do what was asked. The message says what, and what to do next; nothing was changed. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** A rule of publishing said no. Nothing was changed. */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
}

/** A file of a version is not what its card says. The message names the file. */
export class VersionDamaged extends Error {
  override readonly name = 'VersionDamaged';
}
