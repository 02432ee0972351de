/** Of a run's folder or a version's: what its own evidence is made of. */
const OWN =
  /(^|\/)(scores\/(scores\.npy|index\.json)|report\/(metrics\.json|scores\.npy|scores-index\.json))$/;
/** A run holds its version once more, before it gets a number. */
const COPY = /\/model\/export\//;

type Named = Pick<File, 'name' | 'webkitRelativePath'>;

/**
 * The files that evidence is read from. A whole folder also holds photos and the scores of other models; files that
 * were picked one by one are meant as they are.
 */
export function runFiles<F extends Named>(files: readonly F[]): F[] {
  const fitting = files.filter((file) => /\.(npy|json)$/i.test(file.name));
  const own = fitting.filter(({ webkitRelativePath: path }) => OWN.test(path) && !COPY.test(path));
  return own.length > 0 ? own : fitting;
}

/** The report among them, told by its name. */
export function reportAmong<F extends Named>(files: readonly F[]): F | undefined {
  return files.find(({ name }) => /metrics\.json$/i.test(name));
}
