import { describe, expect, it } from 'vitest';
import { DEFAULT_WAIT_SECONDS, parsePrefer } from './prefer.ts';

describe('parsePrefer', () => {
  it.each<[header: string | string[] | undefined, respondAsync: boolean, wait: number]>([
    [undefined, false, DEFAULT_WAIT_SECONDS],
    ['', false, DEFAULT_WAIT_SECONDS],
    ['respond-async', true, DEFAULT_WAIT_SECONDS],
    ['respond-async, wait=5', true, 5],
    [['wait=5', 'respond-async'], true, 5],
    ['wait=5, wait=9', false, 5],
    ['Wait="7"', false, 7],
    ['wait=999999', false, 3_600],
    ['wait=99999999999999999999', false, DEFAULT_WAIT_SECONDS],
    ['wait=-1', false, DEFAULT_WAIT_SECONDS],
    ['wait=1.5', false, DEFAULT_WAIT_SECONDS],
    ['wait', false, DEFAULT_WAIT_SECONDS],
    ['return=minimal; respond-async', false, DEFAULT_WAIT_SECONDS],
    [',,,', false, DEFAULT_WAIT_SECONDS],
  ])('understands %j', (header, respondAsync, wait) => {
    expect(parsePrefer(header)).toEqual({ respondAsync, wait });
  });
});
