import { ProblemError } from '@hermes/service-kit/http';
import { isRecord } from '../../openai-wire/content.ts';
import type { StoredContent } from '../../openai-wire/parts.ts';
import type { TakesParts } from '../content.ts';
import { readContent } from './read-content.ts';
import type { CompletionRequest, ResponseRequest } from './schemas.ts';

const CURE = 'Leave it out, or configure an agent of kind openai.';

/**
 * The message at the end of a chat completion, for an agent that gets single messages; the session contains the earlier
 * ones. @throws ProblemError 400 for a request that such an agent cannot fulfil.
 */
export function completionContent(request: CompletionRequest, agent: TakesParts): StoredContent {
  const { n, response_format: format, modalities, messages } = request;
  refuse(toolField(request));
  if (typeof n === 'number' && n > 1) refuse('n');
  if (isStructured(format)) refuse('response_format');
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) refuse('modalities');
  return lastOfUser(messages, 'messages', agent);
}

/** The same for a response. @throws ProblemError 400 */
export function responseContent(request: ResponseRequest, agent: TakesParts): StoredContent {
  const { text, input } = request;
  refuse(toolField(request) ?? KEPT_ELSEWHERE.find((field) => isSet(request[field])));
  if (isRecord(text) && isStructured(text.format)) refuse('text.format');
  return lastOfUser(typeof input === 'string' ? [{ role: 'user', content: input }] : input, 'input', agent);
}

/** Fields that name what a server of OpenAI keeps. */
const KEPT_ELSEWHERE = ['previous_response_id', 'conversation', 'prompt'] as const;

/** A message of a request, or an item of another type. */
interface Item {
  readonly type?: string | null | undefined;
  readonly role?: string | null | undefined;
  readonly content?: unknown;
}

function lastOfUser(items: readonly Item[], field: string, agent: TakesParts): StoredContent {
  const last = items.findLast(({ role }) => role !== 'system' && role !== 'developer');
  const { type, role, content } = last ?? { role: 'user', content: '' };
  if ((type ?? 'message') !== 'message')
    throw invalid(`${field}: expected the user's message at the end, found an item of the type ${short(type)}.`);
  if (role !== 'user')
    throw invalid(`${field}: expected the user's message at the end, found one of the role ${short(role)}.`);
  const stored = readContent(content, field, agent);
  if (stored.text === '') throw invalid(`${field}: expected text from the user, found none.`);
  return stored;
}

/** The field that offers tools. */
function toolField({ tools, functions, tool_choice: choice }: Record<string, unknown>): string | undefined {
  if (choice === 'none') return undefined;
  if (isSet(tools)) return 'tools';
  return isSet(functions) ? 'functions' : undefined;
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}

function isStructured(format: unknown): boolean {
  return isRecord(format) && format.type !== 'text';
}

function refuse(field: string | undefined): void {
  if (field === undefined) return;
  const why = KEPT_ELSEWHERE.some((kept) => kept === field) ? NOTHING_KEPT : PLAIN_ONLY;
  throw invalid(`${field}: ${why} ${CURE}`);
}

const PLAIN_ONLY = 'the agent of this gateway answers single messages with plain text.';
const NOTHING_KEPT =
  'the gateway keeps no responses, conversations and prompts for later requests: name the session in X-Hermes-Session-Id or user.';

function short(text: string | null | undefined): string {
  return (text ?? 'none').slice(0, 50);
}

function invalid(detail: string): ProblemError {
  return new ProblemError(400, 'invalid-request', 'Invalid request', detail);
}
