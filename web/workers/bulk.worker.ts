import type { EngineName } from './engine-names.ts';
import { createInference, type NetworkBytes } from './inference.ts';
import { createManyLooker, type Looked, type LookWish, type ManyLooker, type Picture } from './look-many.ts';
import { handOver, serve } from './spawn.ts';

let looker: ManyLooker | null = null;

const api = {
  /** Makes a network known under a name. @returns the engine it runs on */
  load: (name: string, network: NetworkBytes, forced: EngineName | null): Promise<EngineName> => {
    looker ??= createManyLooker(createInference(forced));
    return looker.load(name, network);
  },
  look: async (name: string, pictures: readonly Picture[], wish: LookWish): Promise<readonly Looked[]> => {
    if (!looker) throw new Error('No network is loaded.');
    const looked = await looker.look(name, pictures, wish);
    return handOver(looked, looked.flatMap(buffersOf));
  },
};
export type BulkApi = typeof api;

function buffersOf(looked: Looked): ArrayBuffer[] {
  if (looked.kind === 'refused') return [];
  return [looked.features?.buffer, looked.file?.thumb].filter((buffer) => buffer !== undefined);
}

serve(api);
