// Front door of a worker thread of the data pipeline. What lets the command line run TypeScript (menagerie.mjs) does
// not reach into threads, so each does it again.
import { register } from 'tsx/esm/api';

register();
await import('../pipeline/decode.worker.ts');
