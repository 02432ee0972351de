/**
 * Frees a buffer's memory now. Left to the garbage collector, buffers that are read one after the other pile up to
 * hundreds of megabytes before it looks. Nobody may use the buffer afterwards.
 */
export function release(buffer: ArrayBuffer): void {
  // Older browsers have no such thing.
  if ('transfer' in buffer) buffer.transfer(0);
}
