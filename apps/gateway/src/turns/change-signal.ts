/** Lets any number of readers wait for the next change of something. */
export class ChangeSignal {
  /** Created for the first reader that waits: most turns have at most one. */
  #next: PromiseWithResolvers<void> | undefined;

  /** Resolves at the next change. */
  next(): Promise<void> {
    this.#next ??= Promise.withResolvers<void>();
    return this.#next.promise;
  }

  wake(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}
