/** The journal's files are not there any more: what is written to them would be gone with the process. */
export class JournalLostError extends Error {
  override name = 'JournalLostError';
}
