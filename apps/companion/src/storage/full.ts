/** A phone whose storage is full: what cannot be written is held in the memory of the open window. */

/** By name: browsers have changed the class of this error. */
export function isStorageFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}
