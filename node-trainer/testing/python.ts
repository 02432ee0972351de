import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');
// Looked for before they are imported, which takes seconds and fails where one of them is broken.
const LOOK = `
import importlib, importlib.util, sys
def there(name):
    try: return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError: return False
sys.exit(not all(map(there, sys.argv[1:])) or any(not importlib.import_module(n) for n in sys.argv[1:]))
`;

/**
 * A Python that can import all of these: the one that MENAGERIE_PYTHON names, that of `.native/python`, or the system's.
 * @returns null where there is none: the test that asked says skipped
 */
export function pythonWith(...modules: readonly string[]): string | null {
  const candidates = [process.env.MENAGERIE_PYTHON, resolve(ROOT, '.native/python/bin/python'), 'python3'];
  const works = (python: string): boolean =>
    spawnSync(python, ['-c', LOOK, ...modules], { stdio: 'ignore' }).status === 0;
  return candidates.find((python): python is string => Boolean(python) && works(python ?? '')) ?? null;
}
