import { describe, expect, it } from 'vitest';
import { CONTROL_MODE, SKELETON_DIRECTORIES, SKELETON_FIFOS } from './skeleton.ts';

describe('the supervise skeleton', () => {
  it('has the layout and the modes that s6-supervise takes over', () => {
    expect(Object.fromEntries(SKELETON_DIRECTORIES.map(({ path, mode }) => [path, mode.toString(8)]))).toEqual({
      event: '3730',
      supervise: '755',
      'supervise/event': '3730',
      'log/event': '3730',
      'log/supervise': '755',
      'log/supervise/event': '3730',
    });
    expect(SKELETON_FIFOS).toEqual(['supervise/control', 'log/supervise/control']);
    expect(CONTROL_MODE.toString(8)).toBe('660');
  });
});
