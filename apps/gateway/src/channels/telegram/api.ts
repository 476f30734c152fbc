import { Api } from 'grammy';

/** The Bot API of one bot. No redirects: the messages of users are for this server only. */
export function telegramApi(token: string, apiRoot: string, timeoutSeconds?: number): Api {
  const options = { apiRoot, baseFetchConfig: { redirect: 'manual' as const } };
  return new Api(token, timeoutSeconds === undefined ? options : { ...options, timeoutSeconds });
}
