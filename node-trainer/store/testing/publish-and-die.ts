// A process that publishes and is killed, without a chance to clean up, after the step that is named.
import { publishVersion } from '../publish.ts';
import { publication } from './fixture.ts';

const [folder = '', content = '', deathAfter = ''] = process.argv.slice(2);
await publishVersion({
  ...(await publication(folder, content)),
  onStep: (step) => {
    if (step === deathAfter) process.kill(process.pid, 'SIGKILL');
  },
});
