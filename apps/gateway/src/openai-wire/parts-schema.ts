import { z } from 'zod';
import type { ContentPart } from './parts.ts';

/** Maximum length of the texts of a message together, in UTF-16 units. */
const MAX_TEXT = 100_000;

/** Maximum number of parts of a message. */
const MAX_PARTS = 100;

/** Maximum length of an https URL and of a file name, in UTF-16 units. */
const MAX_URL = 8_192;
const MAX_NAME = 255;

const DATA_RULE = 'expected a data: URL with base64, like data:image/png;base64,iVBORw0KGgo=';
const URL_RULE = `${DATA_RULE}, or an https: URL without user and password`;
const HTTPS_RULE = 'expected an https: URL without user and password';
const FILE_RULE = 'expected file_data or file_url, one of the two';
const TYPES_RULE = 'expected a part with the type "text", "image_url" or "file"';

const textPartSchema = z.strictObject({ type: z.literal('text'), text: z.string() });

const imagePartSchema = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({
    url: z.string().refine((url) => isDataUrl(url) || isHttpsUrl(url), URL_RULE),
    detail: z.enum(['auto', 'low', 'high']).optional(),
  }),
});

const filePartSchema = z.strictObject({
  type: z.literal('file'),
  file: z
    .strictObject({
      filename: z.string().min(1).max(MAX_NAME).optional(),
      file_data: z.string().refine(isDataUrl, DATA_RULE).optional(),
      file_url: z.string().refine(isHttpsUrl, HTTPS_RULE).optional(),
    })
    .refine((file) => (file.file_data === undefined) !== (file.file_url === undefined), FILE_RULE),
});

const partSchema = z.discriminatedUnion('type', [textPartSchema, imagePartSchema, filePartSchema], {
  error: (issue) => (issue.code === 'invalid_union' ? TYPES_RULE : undefined),
});

/** The parts of a message of a client. Their bytes are bounded by the body. */
const partsSchema = z
  .array(partSchema)
  .min(1)
  .max(MAX_PARTS)
  .refine((parts) => textLength(parts) <= MAX_TEXT, `expected at most ${MAX_TEXT} characters of text in all parts`)
  .refine((parts) => parts.some(isSaying), 'expected a part that is not an empty text');

/** The text of a message of a client. */
export const textSchema = z.string().min(1).max(MAX_TEXT);

/** A text, or parts; with the errors of what it seems to be. */
export const contentSchema = z.unknown().transform((content, context): string | readonly ContentPart[] => {
  const result = (typeof content === 'string' ? textSchema : partsSchema).safeParse(content);
  if (result.success) return result.data;
  for (const { message, path } of result.error.issues) context.addIssue({ code: 'custom', message, path });
  return z.NEVER;
});

function textLength(parts: readonly ContentPart[]): number {
  return parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
}

function isSaying(part: ContentPart): boolean {
  return part.type !== 'text' || part.text !== '';
}

function isDataUrl(text: string): boolean {
  const head = /^data:[\w.+-]+\/[\w.+-]+(?:;[\w.+-]+=[\w.+-]+)*;base64,/i.exec(text.slice(0, 300))?.[0];
  return head !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(text.slice(head.length));
}

function isHttpsUrl(text: string): boolean {
  if (text.length > MAX_URL) return false;
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}
