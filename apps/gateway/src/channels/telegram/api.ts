import { Api } from 'grammy';

/** The Bot API of one bot. Redirects are not followed: what people write is for this server, and for no other it points to. */
export function telegramApi(token: string, apiRoot: string, timeoutSeconds?: number): Api {
  const options = { apiRoot, baseFetchConfig: { redirect: 'manual' as const } };
  return new Api(token, timeoutSeconds === undefined ? options : { ...options, timeoutSeconds });
}
