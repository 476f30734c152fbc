import { GrammyError, HttpError } from 'grammy';
import { DeliveryError } from '../channel.ts';

/** Answers that no retry can change: the message is not acceptable, or the bot may not write to that chat. */
const PERMANENT = [400, 403, 413];

/** Why a call failed, without the token: network errors contain the URL, which contains the token. */
export function telegramReason(error: unknown): string {
  if (error instanceof GrammyError) return `${error.error_code} ${error.description}`;
  if (!(error instanceof HttpError)) return String(error);
  const { code } = error.error as { code?: string };
  return code === undefined ? error.message : `${error.message} (${code})`;
}

/** Ms to wait, if the server asks for it. */
export function telegramWaitMs(error: unknown): number | undefined {
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  return seconds === undefined ? undefined : seconds * 1_000;
}

/** Whether the server does not know the token. It answers 404 to a malformed token. */
export function isWrongToken(error: unknown): boolean {
  return error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404);
}

/** Whether another program receives the messages of the bot. */
export function isSecondReceiver(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 409;
}

export function telegramDeliveryError(error: unknown): DeliveryError {
  return new DeliveryError(telegramReason(error), {
    permanent: error instanceof GrammyError && PERMANENT.includes(error.error_code),
    retryAfterMs: telegramWaitMs(error),
  });
}
