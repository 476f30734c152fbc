import { buffer } from 'node:stream/consumers';
import type { RequestForm } from '../../journal/turn-store.ts';
import { wholeEvents } from '../../openai-wire/events.ts';
import { ChatStream } from './chat-stream.ts';
import { STREAMED, TOO_LONG } from './failure.ts';
import { limited, MAX_BYTES } from './limited.ts';
import { OddAnswer } from './odd-answer.ts';
import { ResponsesStream } from './responses-stream.ts';
import { streamedAnswer, wholeAnswer } from './whole-answer.ts';

export interface UpstreamResponse {
  readonly contentType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * The answer of a model server as its client gets it: the bytes as they come, as text.
 * @throws OddAnswer for what is no answer, Error when the connection breaks.
 */
export async function* forward(
  { contentType, bytes }: UpstreamResponse,
  form: RequestForm,
  isStreamed: boolean,
): AsyncIterable<string> {
  if (isEventStream(contentType, isStreamed)) {
    if (!isStreamed) throw new OddAnswer(STREAMED);
    yield* forwardEvents(bytes, form);
    return;
  }
  const text = (await buffer(limited(bytes))).toString('utf8');
  yield isStreamed ? streamedAnswer(form, text, contentType) : wholeAnswer(form, text, contentType);
}

/** Some servers stream without saying so. */
function isEventStream(contentType: string, isStreamed: boolean): boolean {
  if (contentType.startsWith('text/event-stream')) return true;
  return isStreamed && !/json|html/.test(contentType);
}

async function* forwardEvents(bytes: AsyncIterable<Uint8Array>, form: RequestForm): AsyncIterable<string> {
  const stream = form === 'responses' ? new ResponsesStream() : new ChatStream();
  try {
    for await (const events of wholeEvents(bytes, MAX_BYTES)) yield* stream.take(events);
  } catch (error) {
    throw error instanceof RangeError ? new OddAnswer(TOO_LONG) : error;
  }
  const rest = stream.end();
  if (rest !== '') yield rest;
}
