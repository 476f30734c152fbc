/** A JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a content: a string, or parts of which some are text. */
export function textOfContent(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (typeof part === 'string' ? part : textOfPart(part))).join('');
}

function textOfPart(part: unknown): string {
  if (!isRecord(part)) return '';
  return [part.text, part.refusal].find((text) => typeof text === 'string') ?? '';
}
