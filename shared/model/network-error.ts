/** A compiled network contradicts itself. The message names the operation or tensor. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}
