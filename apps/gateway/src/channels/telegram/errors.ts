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

/** The chat that a group has become. */
export function movedTo(error: unknown): number | undefined {
  return error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
}

/** Whether the server does not accept the message, which may be due to its markup. */
export function isRefused(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 400 && movedTo(error) === undefined;
}

/** Whether the message that is to be edited cannot be: its chat has deleted it. */
export function isGone(error: unknown): boolean {
  return error instanceof GrammyError && /message (?:to edit not found|can't be edited)/.test(error.description);
}

export function telegramDeliveryError(error: unknown): DeliveryError {
  return new DeliveryError(telegramReason(error), {
    permanent: error instanceof GrammyError && PERMANENT.includes(error.error_code),
    retryAfterMs: telegramWaitMs(error),
  });
}
