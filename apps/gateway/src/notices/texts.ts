import type { DrainRequestFields } from '@hermes/drain-contract';

/** What a notice is about. */
export type NoticeKind = 'draining' | 'back' | 'stopping';

/** A notice as a session gets it, in plain text; each channel escapes it in its own way. */
export interface Notice {
  readonly notice: NoticeKind;
  readonly text: string;
}

/** For a session with a message during a drain. */
export function drainingNotice(request: DrainRequestFields | undefined, stored: boolean): Notice {
  const why = request?.reason ? ` (${request.reason})` : '';
  const message = stored
    ? 'Your message is stored and will be answered afterwards. You do not need to send it again.'
    : 'Your message was not stored. Please send it again when I am back. I will send you a notice.';
  return { notice: 'draining', text: `I am draining for maintenance${why} and do not start new tasks. ${message}` };
}

/** For the sessions with a drain notice, after the drain. */
export function backNotice(): Notice {
  return { notice: 'back', text: 'I am back and accept messages again.' };
}

/** For a session with a running turn, and for the home channels. @param seconds grace period of running turns. */
export function stoppingNotice(running: boolean, seconds: number): Notice {
  const text = running
    ? `I am shutting down. Your task gets up to ${seconds} s to finish; if it is interrupted, write to me to resume.`
    : 'The gateway is shutting down.';
  return { notice: 'stopping', text };
}
