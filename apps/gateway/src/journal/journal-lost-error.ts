/** The journal's files do not exist any more: new writes would be lost at the end of the process. */
export class JournalLostError extends Error {
  override name = 'JournalLostError';
}
