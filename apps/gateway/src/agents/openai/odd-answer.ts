/** What came from a model server is not an answer of a model. The message is a sentence for users. */
export class OddAnswer extends Error {
  /** What the server reported instead, if it did. */
  readonly error: unknown;

  constructor(message: string, error?: unknown) {
    super(message);
    this.name = 'OddAnswer';
    this.error = error;
  }
}
