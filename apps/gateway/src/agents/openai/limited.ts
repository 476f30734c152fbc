import { TOO_LONG } from './failure.ts';
import { OddAnswer } from './odd-answer.ts';

/** Maximum bytes of an answer that is not streamed, and of one event. */
export const MAX_BYTES = 32 * 1_048_576;

/** @throws OddAnswer when there are more bytes. */
export async function* limited(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let length = 0;
  for await (const piece of bytes) {
    length += piece.byteLength;
    if (length > MAX_BYTES) throw new OddAnswer(TOO_LONG);
    yield piece;
  }
}
