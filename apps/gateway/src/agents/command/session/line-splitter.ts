/** Splits what a pipe delivers into lines, each of at most so many characters. */
export class LineSplitter {
  readonly #maxLength: number;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** @returns the lines that are complete now; `undefined` if one is too long. */
  take(bytes: Uint8Array): string[] | undefined {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > this.#maxLength || lines.some((line) => line.length > this.#maxLength)) return undefined;
    return lines.filter((line) => line.trim() !== '');
  }
}
