import { describe, expect, it } from 'vitest';
import { decodeJsonObject, encodeJson, MAX_FILE_BYTES } from './decode.pure.ts';

describe('decodeJsonObject', () => {
  it.each(['{}', '{"a":{"b":[1,"ü",null]}}', ' {"a":1}\n'])('returns the object that %s stands for', (text) => {
    expect(decodeJsonObject(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  it.each(['', 'null', '[]', '"x"', '1', 'true', '{', '{"a":1', '\ufeff{}', "{'a':1}"])(
    'has no object for %j',
    (text) => {
      expect(decodeJsonObject(Buffer.from(text))).toBeUndefined();
    },
  );

  it('has none for bytes that are not UTF-8, or too many', () => {
    expect(decodeJsonObject(Buffer.from('{"a":"ü"}', 'latin1'))).toBeUndefined();
    expect(decodeJsonObject(Buffer.from('{}'.padEnd(MAX_FILE_BYTES)))).toEqual({});
    expect(decodeJsonObject(Buffer.from('{}'.padEnd(MAX_FILE_BYTES + 1)))).toBeUndefined();
  });

  it('reads back what encodeJson writes', () => {
    const value = { text: 'ü\u2028"\\\n', list: [1, [], {}], nothing: null };
    expect(decodeJsonObject(Buffer.from(encodeJson(value)))).toEqual(value);
  });
});
