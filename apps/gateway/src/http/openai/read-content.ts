import { ProblemError, parseRequest } from '@hermes/service-kit/http';
import { z } from 'zod';
import { isRecord } from '../../openai-wire/content.ts';
import type { ContentPart, StoredContent } from '../../openai-wire/parts.ts';
import { contentSchema } from '../../openai-wire/parts-schema.ts';
import { contentFor, type TakesParts } from '../content.ts';

/**
 * The content of a user's message, in the format of chat completions or of responses.
 * @param field of the request, for errors. @throws ProblemError 400 if it is wrong, or the agent does not take it.
 */
export function readContent(content: unknown, field: string, agent: TakesParts): StoredContent {
  if (content === undefined || content === null) return { text: '' };
  if (typeof content === 'string') return { text: content };
  const parts = Array.isArray(content) ? content.filter(isRecord).map((part) => partOf(part, field)) : [];
  const stored = contentFor(agent, field, parts);
  // Texts are bounded by the body only, other parts by the rules of each message.
  if (stored.form !== undefined) parseRequest(z.object({ content: contentSchema }), { content: parts });
  return stored;
}

/** The part by its name in chat completions. Its fields are checked later. */
function partOf(part: Record<string, unknown>, field: string): ContentPart {
  const { type, text } = part;
  const read = READERS[String(type)];
  if (read !== undefined) return read(part) as unknown as ContentPart;
  const detail = `${field}: a part of the type ${String(type).slice(0, 50)}: the agent of this gateway takes no such parts. Leave it out, or configure an agent of kind openai.`;
  if (!TEXT_PARTS.has(String(type))) throw new ProblemError(400, 'invalid-request', 'Invalid request', detail);
  return { type: 'text', text: typeof text === 'string' ? text : '' };
}

/** Parts that are text, by the names that clients give them. */
const TEXT_PARTS = new Set(['text', 'input_text', 'output_text', 'refusal']);

const READERS: Readonly<Record<string, ((part: Record<string, unknown>) => object) | undefined>> = {
  image_url: ({ image_url }) => ({ type: 'image_url', image_url }),
  input_image: ({ image_url: url, detail, file_id }) => ({
    type: 'image_url',
    image_url: given({ url, detail, file_id }),
  }),
  file: ({ file }) => ({ type: 'file', file }),
  input_file: ({ filename, file_data, file_url, file_id }) => ({
    type: 'file',
    file: given({ filename, file_data, file_url, file_id }),
  }),
};

/** Without the fields that are not set, so that a `file_id` is an error only if there is one. */
function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
