/** One of the pipeline's workers: makes batches in the order in which they are asked for. */
import { parentPort, workerData } from 'node:worker_threads';

import { makeBatch } from './make-batch.ts';
import { type Order, type Reply, STATE, type WorkerStart } from './messages.ts';

const port = parentPort;
if (!port) throw new Error('decode.worker.ts runs as a worker thread only');
const start = workerData as WorkerStart;

let last = Promise.resolve();
port.on('message', (order: Order | 'end') => {
  // Closing lets the thread end by itself: ending it from outside could hit a decoder at work.
  if (order === 'end') port.close();
  else last = last.then(() => answer(order));
});

async function answer(order: Order): Promise<void> {
  try {
    const made = await makeBatch(start, order);
    if (made) send({ kind: 'made', id: order.id, ...made }, [made.images.buffer]);
  } catch (error) {
    const { name, message, code } = error as Error & { readonly code?: string };
    send({ kind: 'failed', id: order.id, code: code ?? name, message });
  }
}

function send(reply: Reply, transfer: readonly ArrayBuffer[] = []): void {
  if (Atomics.load(start.state, STATE.stop) === 0) port?.postMessage(reply, transfer);
}
