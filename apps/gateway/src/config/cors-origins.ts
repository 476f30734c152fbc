import { z } from 'zod';

const EXPECTED = 'expected an origin such as https://chat.example.com';

/** Why pages of this origin cannot be allowed; `undefined` if they can be. */
export function originProblem(text: string): string | undefined {
  if (text.includes('*')) return `${EXPECTED}: with * any website could use the API: list each origin`;
  if (text === 'null') return `${EXPECTED}: any page in a sandbox and any local file has the origin null`;
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return `${EXPECTED}, with https or http`;
  // Compared with the header of the browser character by character.
  if (url.origin !== text) return `${EXPECTED}, without a path and as browsers send it: ${url.origin}`;
  return undefined;
}

/** `api_server.cors_origins`: the origins whose pages may use the API. */
export const corsOriginsSchema = z
  .array(
    z.string(EXPECTED).check((context) => {
      const message = originProblem(context.value);
      if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
    }),
    'expected a list of origins such as [https://chat.example.com]',
  )
  .max(100);
