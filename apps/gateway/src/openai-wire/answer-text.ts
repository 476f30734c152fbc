import type { RequestForm, TurnForm } from '../journal/turn-store.ts';
import { isRecord, textOfContent } from './content.ts';
import { dataOf } from './events.ts';

/** What a person reads of an answer of the model: its text, without tool calls and reasoning. */
export function answerText(form: TurnForm | null | undefined, reply: string): string {
  if (!form || form === 'parts') return reply;
  try {
    if (reply.trimStart().startsWith('{')) return wholeText(form, JSON.parse(reply));
    return dataOf(reply)
      .map((data) => (data === '[DONE]' ? '' : pieceText(form, JSON.parse(data))))
      .join('');
  } catch {
    // A journal that others could write may hold anything.
    return reply;
  }
}

function wholeText(form: RequestForm, body: unknown): string {
  if (!isRecord(body)) return '';
  if (form === 'chat.completions') return choiceText(body, 'message');
  const output = Array.isArray(body.output) ? body.output : [];
  return output.map((item) => (isRecord(item) && item.type === 'message' ? textOfContent(item.content) : '')).join('');
}

function pieceText(form: RequestForm, event: unknown): string {
  if (!isRecord(event)) return '';
  if (form === 'chat.completions') return choiceText(event, 'delta');
  const isText = event.type === 'response.output_text.delta' || event.type === 'response.refusal.delta';
  return isText && typeof event.delta === 'string' ? event.delta : '';
}

/** The text of the first choice. */
export function choiceText(body: Record<string, unknown>, field: 'message' | 'delta'): string {
  const choice: unknown = Array.isArray(body.choices) ? body.choices[0] : undefined;
  const message = isRecord(choice) ? choice[field] : undefined;
  if (!isRecord(message)) return '';
  return textOfContent(message.content) || textOfContent(message.refusal);
}
