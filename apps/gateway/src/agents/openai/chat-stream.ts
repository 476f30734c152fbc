import { isRecord, textOfContent } from '../../openai-wire/content.ts';
import { dataOf } from '../../openai-wire/events.ts';
import { CUT_OFF, REPORTED } from './failure.ts';
import { OddAnswer } from './odd-answer.ts';

const FINISHED = /"finish_reason"\s*:\s*"/;
const DONE = /^data: ?\[DONE\]/m;
const EVENTS = /^data:(?! ?\[DONE\])/gm;
/** The quotes of a text that contains these words are escaped. */
const CHUNKS = /"choices"\s*:\s*\[/g;
const ODD = /"error"\s*:\s*[{"]|"delta"\s*:\s*null|"content"\s*:\s*\[/;

/** The stream of a chat completion: passed on as it comes, where clients can read it. */
export class ChatStream {
  #isFinished = false;
  #isDone = false;

  /** @param events whole events. @throws OddAnswer for an error that the server reports, or what is no chunk. */
  *take(events: string): Iterable<string> {
    this.#isFinished ||= FINISHED.test(events);
    this.#isDone ||= DONE.test(events);
    if (isUsual(events)) yield events;
    else for (const data of dataOf(events)) yield `data: ${readable(data)}\n\n`;
  }

  /** @returns what is missing at the end. @throws OddAnswer if the stream was cut off. */
  end(): string {
    if (!this.#isFinished) throw new OddAnswer(CUT_OFF);
    return this.#isDone ? '' : 'data: [DONE]\n\n';
  }
}

function isUsual(events: string): boolean {
  const count = events.match(EVENTS)?.length ?? 0;
  if (count === 0) return true;
  return count === events.match(CHUNKS)?.length && events.includes('"delta"') && !ODD.test(events);
}

/** Fills in what clients expect in each chunk. */
function readable(data: string): string {
  if (data === '[DONE]') return data;
  const chunk = parsed(data);
  if (!isRecord(chunk)) throw new OddAnswer(CUT_OFF);
  if (chunk.error) throw new OddAnswer(REPORTED, chunk.error);
  const choices = Array.isArray(chunk.choices) ? chunk.choices.filter(isRecord).map(readableChoice) : [];
  return JSON.stringify({ ...chunk, choices });
}

function readableChoice(choice: Record<string, unknown>): Record<string, unknown> {
  const delta = isRecord(choice.delta) ? choice.delta : {};
  const content = Array.isArray(delta.content) ? { content: textOfContent(delta.content) } : {};
  return { ...choice, delta: { ...delta, ...content } };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new OddAnswer(CUT_OFF);
  }
}
