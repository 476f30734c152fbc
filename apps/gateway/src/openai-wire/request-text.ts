import type { TurnForm } from '../journal/turn-store.ts';
import { isRecord, textOfContent } from './content.ts';
import { partsOf, summaryOf } from './parts.ts';

/** What a person wrote last, from the body of a request or parts; the body itself if it has no such text. */
export function requestText(form: TurnForm | null | undefined, text: string): string {
  if (!form) return text;
  const parts = partsOf(form, text);
  if (parts) return summaryOf(parts);
  const body = parsed(text);
  const list = form === 'responses' ? body.input : body.messages;
  if (typeof list === 'string') return list;
  const last = (Array.isArray(list) ? list : []).findLast((item) => isRecord(item) && item.role === 'user');
  return textOfContent(isRecord(last) ? last.content : undefined) || text;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : {};
  } catch {
    // A journal that others could write may hold anything.
    return {};
  }
}
