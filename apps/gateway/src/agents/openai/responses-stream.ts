import { isRecord } from '../../openai-wire/content.ts';
import { dataOf } from '../../openai-wire/events.ts';
import { CUT_OFF, REPORTED } from './failure.ts';
import { OddAnswer } from './odd-answer.ts';

const FINISHED = /"type"\s*:\s*"response\.(?:completed|incomplete|failed|cancelled)"/;
const ODD = /^event: ?error|"type"\s*:\s*"error"|^data: ?\{\s*"error"/m;

/** The stream of a response: passed on as it comes. */
export class ResponsesStream {
  #isFinished = false;

  /** @param events whole events. @throws OddAnswer for an error that the server reports. */
  *take(events: string): Iterable<string> {
    this.#isFinished ||= FINISHED.test(events);
    if (ODD.test(events)) for (const data of dataOf(events)) refuseError(data);
    yield events;
  }

  /** @returns what is missing at the end. @throws OddAnswer if the stream was cut off. */
  end(): string {
    if (!this.#isFinished) throw new OddAnswer(CUT_OFF);
    return '';
  }
}

function refuseError(data: string): void {
  let event: unknown;
  try {
    event = JSON.parse(data);
  } catch {
    return;
  }
  if (!isRecord(event)) return;
  if (event.type === 'error') throw new OddAnswer(REPORTED, event.error ?? event);
  if (event.type === undefined && event.error) throw new OddAnswer(REPORTED, event.error);
}
