import { describe, expect, it } from 'vitest';
import { type ContentPart, partsOf, storedContent, summaryOf, unaccepted } from './parts.ts';
import { contentSchema } from './parts-schema.ts';

const TEXT: ContentPart = { type: 'text', text: 'what is this' };
const IMAGE: ContentPart = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
const FILE: ContentPart = {
  type: 'file',
  file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
};

describe('the content of a message', () => {
  it('is plain text if all its parts are, and else parts that come back as they were', () => {
    expect(storedContent([TEXT, { type: 'text', text: '?' }])).toEqual({ text: 'what is this?' });
    const { form, text } = storedContent([TEXT, IMAGE, FILE]);
    expect(partsOf(form, text)).toEqual([TEXT, IMAGE, FILE]);
    expect(partsOf(null, '[]')).toBeUndefined();
  });

  it('is shown to people without its data', () => {
    expect(summaryOf([TEXT, IMAGE, FILE, { type: 'file', file: { file_url: 'https://x/y' } }])).toBe(
      'what is this\n[image]\n[file a.pdf]\n[file]',
    );
  });

  it.each(['no JSON', '{}', '[1, {"type":"audio"}, {"type":"text"}]'])('is empty if the journal holds %s', (text) => {
    expect(partsOf('parts', text)).toEqual([]);
  });

  it('has kinds that an agent may not take', () => {
    expect(unaccepted([TEXT, IMAGE, IMAGE, FILE], ['file'])).toEqual(['image_url']);
    expect(unaccepted([TEXT])).toEqual([]);
  });
});

describe('a content from a client', () => {
  const https = { type: 'image_url', image_url: { url: 'https://example.org/a.png', detail: 'low' } };

  it.each([['hello'], [[TEXT, IMAGE, FILE, https, { type: 'file', file: { file_url: 'https://example.org/a' } }]]])(
    'may be %j',
    (content) => {
      expect(contentSchema.parse(content)).toEqual(content);
    },
  );

  it.each<[content: unknown, problem: string]>([
    ['', '>=1 characters'],
    [5, 'expected array'],
    [[], '>=1 items'],
    [[{ type: 'text', text: '' }], 'not an empty text'],
    [[{ type: 'input_audio', input_audio: {} }], '"text", "image_url" or "file"'],
    [[{ type: 'image_url', image_url: { url: 'http://example.org/a.png' } }], 'an https: URL'],
    [[{ type: 'image_url', image_url: { url: 'https://me:pw@example.org/a.png' } }], 'without user and password'],
    [[{ type: 'image_url', image_url: { url: 'data:image/png;base64,***' } }], 'a data: URL with base64'],
    [[{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }], 'an https: URL'],
    [[{ type: 'file', file: { filename: 'a' } }], 'one of the two'],
    [[{ type: 'file', file: { file_id: 'file-1' } }], 'file_id'],
    [
      [
        { type: 'text', text: 'x'.repeat(60_000) },
        { type: 'text', text: 'x'.repeat(60_000) },
      ],
      'at most 100000',
    ],
  ])('must not be %.80j', (content, problem) => {
    const { error } = contentSchema.safeParse(content);
    expect(JSON.stringify(error?.issues)).toContain(JSON.stringify(problem).slice(1, -1));
  });
});
