import type { TurnForm } from '../journal/turn-store.ts';
import { isRecord, textOfContent } from './content.ts';

/** A part of a message, in the format of OpenAI's chat completions; `file_url` is an addition. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string; readonly detail?: string | undefined } }
  | { readonly type: 'file'; readonly file: FileContent };

export interface FileContent {
  readonly filename?: string | undefined;
  /** A data: URL. */
  readonly file_data?: string | undefined;
  readonly file_url?: string | undefined;
}

/** The kinds of parts that not every agent takes. */
export type PartKind = Exclude<ContentPart['type'], 'text'>;

/** The content of a message as it is stored: see `TurnRecord`. */
export interface StoredContent {
  readonly text: string;
  readonly form?: Extract<TurnForm, 'parts'> | undefined;
}

/** Parts that are all text are plain text, as if they had been sent so. */
export function storedContent(parts: readonly ContentPart[]): StoredContent {
  const isPlain = parts.every(({ type }) => type === 'text');
  return isPlain ? { text: textOfContent(parts) } : { text: JSON.stringify(parts), form: 'parts' };
}

/** The parts of a stored message; `undefined` for a message that has none. */
export function partsOf(form: TurnForm | null | undefined, text: string): readonly ContentPart[] | undefined {
  if (form !== 'parts') return undefined;
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) ? parts.filter(isPart).map(withoutSource) : [];
  } catch {
    // A journal that others could write may hold anything.
    return [];
  }
}

/** What people see of a message with parts: its texts, and each other part by its kind and name in brackets. */
export function summaryOf(parts: readonly ContentPart[]): string {
  return parts.map(summaryOfPart).join('\n');
}

/** The kinds of the parts that `accepted` does not list, without repetitions. */
export function unaccepted(parts: readonly ContentPart[], accepted: readonly PartKind[] = []): PartKind[] {
  const kinds = new Set<string>(['text', ...accepted]);
  return [...new Set(parts.map(({ type }) => type))].filter((kind): kind is PartKind => !kinds.has(kind));
}

/** Why an agent does not take a message with these kinds of parts, as a sentence for people. */
export function unacceptedSentence(kinds: readonly PartKind[], agent: string): string {
  const names = kinds.map((kind) => `${NAMES[kind]} (${kind})`).join(' and ');
  return `The agent of this gateway (${agent}) does not take ${names}: send text only, or configure an agent of kind openai or command.`;
}

const NAMES: Readonly<Record<PartKind, string>> = { image_url: 'images', file: 'files' };

function summaryOfPart(part: ContentPart): string {
  if (part.type === 'text') return part.text;
  if (part.type === 'image_url') return '[image]';
  return part.file.filename === undefined ? '[file]' : `[file ${part.file.filename}]`;
}

/** Where a part came from is of no interest to agents. */
function withoutSource({ source: _source, ...part }: ContentPart & { readonly source?: unknown }): ContentPart {
  return part as ContentPart;
}

function isPart(part: unknown): part is ContentPart {
  if (!isRecord(part)) return false;
  if (part.type === 'text') return typeof part.text === 'string';
  return (part.type === 'image_url' && isRecord(part.image_url)) || (part.type === 'file' && isRecord(part.file));
}
