import type { Response, ResponseOutputMessage, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { Turn } from '../../turns/turn.ts';

/** A response as a server sends it: without what the client adds, and what an agent of plain text does not know. */
export type PlainResponse = Omit<Response, 'output_text' | 'access_programs'>;

/** A whole answer. */
export function response(turn: Turn, model: string): PlainResponse {
  return { ...begun(turn, model), status: 'completed', output: [messageOf(turn, 'completed', turn.reply)] };
}

/** An event of a response that is streamed, without its number. */
export type PlainEvent = { readonly type: ResponseStreamEvent['type']; readonly [field: string]: unknown };

/** The events before the first piece of an answer. */
export function openingEvents(turn: Turn, model: string): PlainEvent[] {
  const empty = begun(turn, model);
  return [
    { type: 'response.created', response: empty },
    { type: 'response.in_progress', response: empty },
    { type: 'response.output_item.added', output_index: 0, item: messageOf(turn, 'in_progress') },
    { type: 'response.content_part.added', ...placeOf(turn), part: textPart('') },
  ];
}

/** A piece of an answer. */
export function deltaEvent(turn: Turn, delta: string): PlainEvent {
  return { type: 'response.output_text.delta', ...placeOf(turn), delta, logprobs: [] };
}

/** The events after the last piece of an answer. */
export function closingEvents(turn: Turn, model: string): PlainEvent[] {
  const text = turn.reply;
  return [
    { type: 'response.output_text.done', ...placeOf(turn), text, logprobs: [] },
    { type: 'response.content_part.done', ...placeOf(turn), part: textPart(text) },
    { type: 'response.output_item.done', output_index: 0, item: messageOf(turn, 'completed', text) },
    { type: 'response.completed', response: response(turn, model) },
  ];
}

/** The response to a turn that has not ended. */
function begun(turn: Turn, model: string): PlainResponse {
  return {
    id: `resp_${turn.id}`,
    object: 'response',
    created_at: Math.floor(turn.acceptedAt / 1_000),
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model,
    output: [],
    parallel_tool_calls: false,
    previous_response_id: null,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'none',
    tools: [],
    top_p: null,
  };
}

function messageOf(turn: Turn, status: 'in_progress' | 'completed', text?: string): ResponseOutputMessage {
  const content = text === undefined ? [] : [textPart(text)];
  return { id: messageId(turn), type: 'message', role: 'assistant', status, content };
}

function textPart(text: string): ResponseOutputMessage['content'][number] {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

/** Where the text of an answer is in its output. */
function placeOf(turn: Turn) {
  return { item_id: messageId(turn), output_index: 0, content_index: 0 };
}

function messageId(turn: Turn): string {
  return `msg_${turn.id}`;
}
