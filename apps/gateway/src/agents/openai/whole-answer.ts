import type { RequestForm } from '../../journal/turn-store.ts';
import { isRecord, textOfContent } from '../../openai-wire/content.ts';
import { NO_CHOICE, noAnswer, REPORTED } from './failure.ts';
import { OddAnswer } from './odd-answer.ts';

/** @returns `text`, which is a whole answer in JSON. @throws OddAnswer if it is none. */
export function wholeAnswer(form: RequestForm, text: string, contentType: string): string {
  const body = readAnswer(form, text, contentType);
  if (form === 'responses') return text;
  const choices = body.choices as Record<string, unknown>[];
  const hasParts = choices.some(({ message }) => isRecord(message) && Array.isArray(message.content));
  if (!hasParts) return text;
  return JSON.stringify({
    ...body,
    choices: choices.map((choice) => ({ ...choice, message: joined(choice.message) })),
  });
}

/** The same as a stream, for a client that asked for one. @throws OddAnswer if it is none. */
export function streamedAnswer(form: RequestForm, text: string, contentType: string): string {
  const body = readAnswer(form, text, contentType);
  if (form === 'responses') {
    const created = { ...body, status: 'in_progress', output: [] };
    return `${responseEvent('response.created', 0, created)}${responseEvent('response.completed', 1, body)}`;
  }
  const choices = (body.choices as Record<string, unknown>[]).map(({ message, ...choice }) => ({
    ...choice,
    delta: withIndexes(joined(message)),
  }));
  return `data: ${JSON.stringify({ ...body, object: 'chat.completion.chunk', choices })}\n\ndata: [DONE]\n\n`;
}

function readAnswer(form: RequestForm, text: string, contentType: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new OddAnswer(noAnswer(contentType));
  }
  if (!isRecord(body)) throw new OddAnswer(noAnswer(contentType));
  const isResponse = form === 'responses' && Array.isArray(body.output);
  // A response has a field for its error, and arrives with it as it is.
  if (body.error && !isResponse) throw new OddAnswer(REPORTED, body.error);
  if (isResponse) return body;
  const { choices } = body;
  if (!Array.isArray(choices) || !choices.some(isRecord)) throw new OddAnswer(NO_CHOICE);
  return { ...body, choices: choices.filter(isRecord) };
}

function responseEvent(type: string, number: number, response: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number, response })}\n\n`;
}

function joined(message: unknown): Record<string, unknown> {
  if (!isRecord(message)) return {};
  return Array.isArray(message.content) ? { ...message, content: textOfContent(message.content) } : message;
}

/** In a stream, tool calls are numbered. */
function withIndexes(message: Record<string, unknown>): Record<string, unknown> {
  const { tool_calls: calls } = message;
  if (!Array.isArray(calls)) return message;
  return { ...message, tool_calls: calls.filter(isRecord).map((call, index) => ({ index, ...call })) };
}
