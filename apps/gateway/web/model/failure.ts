/** An answer that is not a success; `null` if there was no answer. */
export type BadAnswer = {
  readonly status: number;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
} | null;

/** `passing`: a retry can help. `refused`: it cannot. */
export interface Failure {
  readonly kind: 'passing' | 'refused' | 'unauthorized';
  /** For the person who reads the page. */
  readonly text: string;
}

/** Codes of refusals that pass by themselves, soon. */
const PASSING: Readonly<Record<string, string>> = {
  starting: 'The gateway is starting.',
  stopping: 'The gateway is shutting down. It may come back.',
};

/** Under a drain that refuses messages. The page says why it is draining. */
const DRAINING = 'The gateway is draining and did not keep the message.';

const TOO_LARGE = 'It is too large for this gateway: shorten it, or choose smaller pictures.';

/** What an answer means to the person. @param hasPictures whether the message had some. */
export function failureOf(answer: BadAnswer, hasPictures = false): Failure {
  if (answer === null) return { kind: 'passing', text: 'The gateway cannot be reached.' };
  const { status, code, detail } = answer;
  if (status === 401) return { kind: 'unauthorized', text: 'The key was not accepted.' };
  // Of the gateway: too many wrong keys. The same one must not be sent again and again.
  if (status === 429 && code !== undefined)
    return { kind: 'unauthorized', text: detail || 'Too many wrong keys. Wait a minute.' };
  if (status === 413) return { kind: 'refused', text: TOO_LARGE };
  if (code === 'draining') return { kind: 'refused', text: DRAINING };
  const passing = code === undefined ? undefined : PASSING[code];
  if (passing !== undefined) return { kind: 'passing', text: passing };
  if (status === 400 && hasPictures)
    return {
      kind: 'refused',
      text: `The gateway did not take the picture. ${detail?.replace(/^content: /, '') ?? ''}`.trim(),
    };
  if (code !== undefined) return { kind: 'refused', text: detail || 'The gateway refused it.' };
  // Not an answer of the gateway: of a proxy before it.
  if (status >= 500) return { kind: 'passing', text: `The gateway cannot be reached (status ${status}).` };
  return { kind: 'refused', text: `The gateway refused it (status ${status}).` };
}
