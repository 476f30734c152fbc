import { ProblemError } from '@hermes/service-kit/http';
import { isRecord } from '../../openai-wire/content.ts';
import type { CompletionRequest } from './schemas.ts';

/** Parts that are text, by the names that clients give them. */
const TEXT_PARTS = new Set(['text', 'input_text', 'output_text', 'refusal']);

const CURE = 'Leave it out, or configure an agent of kind openai.';

/**
 * The text of the message at the end of a request, for an agent of plain text; the session contains the earlier ones.
 * @throws ProblemError 400 for a request that such an agent cannot fulfil.
 */
export function plainTextOf(request: CompletionRequest): string {
  const asked = beyondText(request);
  if (asked !== undefined)
    throw invalid(`${asked}: the agent of this gateway answers with plain text to plain text. ${CURE}`);
  const last = request.messages.findLast(({ role }) => role !== 'system' && role !== 'developer');
  if (last !== undefined && last.role !== 'user')
    throw invalid(`messages: expected the user's message at the end, found one of the role ${last.role}.`);
  const content = last?.content ?? '';
  const text = typeof content === 'string' ? content : content.map((part) => textOf(part)).join('');
  if (text === '') throw invalid('messages: expected text from the user, found none.');
  return text;
}

/** The field that asks for more than text. */
function beyondText(request: CompletionRequest): string | undefined {
  const { tools, functions, tool_choice: choice, n, response_format: format, modalities, messages } = request;
  if (choice !== 'none' && [tools, functions].some((list) => Array.isArray(list) && list.length > 0)) {
    return Array.isArray(tools) && tools.length > 0 ? 'tools' : 'functions';
  }
  if (typeof n === 'number' && n > 1) return 'n';
  if (isRecord(format) && format.type !== 'text') return 'response_format';
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) return 'modalities';
  const last = messages.findLast(({ role }) => role === 'user')?.content;
  const part = Array.isArray(last) ? last.find(({ type }) => !TEXT_PARTS.has(type)) : undefined;
  return part && `messages: a part of the type ${part.type.slice(0, 50)}`;
}

function textOf(part: { readonly type: string; readonly text?: unknown }): string {
  return typeof part.text === 'string' ? part.text : '';
}

function invalid(detail: string): ProblemError {
  return new ProblemError(400, 'invalid-request', 'Invalid request', detail);
}
