import { describe, expect, it } from 'vitest';
import { drainRequest } from '../testing/markers.ts';
import { backNotice, drainingNotice, stoppingNotice } from './texts.ts';

const request = drainRequest({ reason: 'new kernel' });

describe('the text of a notice', () => {
  it.each([
    [true, 'Your message is stored and will be answered afterwards. You do not need to send it again.'],
    [false, 'Your message was not stored. Please send it again when I am back. I will send you a notice.'],
  ])('says why there is a drain, and what becomes of a message whose being stored is %s', (stored, message) => {
    expect(drainingNotice(request, stored)).toEqual({
      notice: 'draining',
      text: `I am draining for maintenance (new kernel) and do not start new tasks. ${message}`,
    });
  });

  it.each([
    ['no reason was given', { ...request, reason: null }],
    ['the reason is empty', { ...request, reason: '' }],
    ['nothing is known of the drain', undefined],
  ])('gives no reason when %s', (_what, given) => {
    expect(drainingNotice(given, false).text).toMatch(/^I am draining for maintenance and do not start new tasks\. /);
  });

  it('keeps a reason as it is: each channel escapes it in its own way', () => {
    expect(drainingNotice({ ...request, reason: '<b>*_"' }, true).text).toContain('(<b>*_")');
  });

  it('says that it is over', () => {
    expect(backNotice()).toEqual({ notice: 'back', text: 'I am back and accept messages again.' });
  });

  it.each([
    [true, 'I am shutting down. Your task gets up to 30 s to finish; if it is interrupted, write to me to resume.'],
    [false, 'The gateway is shutting down.'],
  ])('says what a shutdown means for a session whose having a running turn is %s', (running, text) => {
    expect(stoppingNotice(running, 30)).toEqual({ notice: 'stopping', text });
  });
});
