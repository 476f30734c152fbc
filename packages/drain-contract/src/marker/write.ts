import { v7 as uuidv7 } from 'uuid';
import { ContractError, fileError } from '../errors.ts';
import { encodeJson } from '../files/decode.ts';
import { inOrder } from '../files/in-order.ts';
import { removeFile, replaceFile } from '../files/write.ts';
import type { HomeOptions } from '../home.ts';
import { observeGateway } from '../state/observe.ts';
import { gatewayStatePath } from '../state/path.ts';
import { plainText } from '../text.ts';
import { formatIsoDateTime } from '../time.ts';
import { drainRequestPath } from './path.ts';
import { readDrainVerdict, type VerdictOptions } from './read.ts';
import { DEFAULT_PRINCIPAL, type DrainRequest, drainRequestSchema } from './schema.ts';
import type { DrainVerdict } from './verdict.ts';

/** What a begin-drain asks for. On a refresh, what is left out stays as the running drain has it. */
export interface WriteDrainRequestOptions extends HomeOptions {
  /** Who asks. Default: `drain-control`. */
  readonly principal?: string | undefined;
  /** Ask for a quiet shutdown: no broadcast to the home channels. */
  readonly suppressNotification?: boolean | undefined;
  /** Why; at most 500 characters, control characters are removed. */
  readonly reason?: string | undefined;
  /** Seconds from 1 to 86,400 after which the drain lapses if nobody refreshes it. */
  readonly maxAgeSeconds?: number | undefined;
  /** Epoch to stamp. Default: the one published by the gateway of this home while it is live, else our own. */
  readonly epoch?: string | undefined;
  /** Only refresh this request, or with `null` only begin: any other state of affairs is left alone and reported as `request_mismatch`. */
  readonly requestId?: string | null | undefined;
}

/**
 * Begins a drain, or refreshes the one in force: `requested_at` becomes now, `request_id` stays.
 * Durable and visible to every reader once the promise is fulfilled.
 * @returns the marker as written. @throws ContractError with the old marker intact; or, where it says "cannot durably
 * write", with the new one in force, which a power cut may undo.
 */
export function writeDrainRequest(options: WriteDrainRequestOptions = {}): Promise<DrainRequest> {
  const path = drainRequestPath(options);
  return inOrder(path, async () => {
    const request = composeRequest(options);
    await replaceFile(path, encodeJson(request));
    return request;
  });
}

/** Which drain to cancel. Default: whichever is in force. */
export interface ClearDrainRequestOptions extends HomeOptions {
  /** Cancel only this request: any other one is left alone and reported as `request_mismatch`. */
  readonly requestId?: string | undefined;
}

/**
 * Cancels a drain by removing the marker. Idempotent.
 * @returns true if there was one. @throws ContractError if it could not be removed, or belongs to another request; or,
 * where it says "cannot durably remove", with the marker gone, which a power cut may undo.
 */
export function clearDrainRequest(options: ClearDrainRequestOptions = {}): Promise<boolean> {
  const path = drainRequestPath(options);
  return inOrder(path, async () => {
    if (options.requestId !== undefined) requireHolder(options, options.requestId);
    return removeFile(path);
  });
}

function composeRequest(options: WriteDrainRequestOptions): DrainRequest {
  const now = Date.now();
  const verdict = requireVerdict(options, now);
  const { epoch } = verdict;
  const running = verdict.active ? verdict.request : undefined;
  requirePrecondition(options.requestId, running);
  const runningId = drainRequestSchema.shape.request_id.safeParse(running?.request_id);
  const parsed = drainRequestSchema.safeParse({
    action: 'drain',
    requested_at: formatIsoDateTime(now),
    principal: options.principal ?? (running?.principal || DEFAULT_PRINCIPAL),
    epoch,
    suppress_notification: options.suppressNotification ?? running?.suppress_notification ?? false,
    request_id: runningId.data ?? uuidv7(),
    ...given('reason', plainText(options.reason ?? running?.reason ?? '')),
    ...given('max_age_seconds', options.maxAgeSeconds ?? running?.max_age_seconds),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ContractError('invalid_argument', `bad drain request: ${issue?.path.join('.')}: ${issue?.message}`);
}

/**
 * The verdict that a change is based on, and the epoch of the gateway it is for.
 * @throws ContractError `unavailable`: a marker that cannot be looked at must be neither replaced nor taken for another's.
 */
function requireVerdict({ home, epoch }: VerdictOptions, now: number): DrainVerdict & { readonly epoch: string } {
  const gateway = epoch === undefined ? observeGateway({ home, now }) : { epoch };
  if ('unavailable' in gateway) throw fileError('look at', gatewayStatePath({ home }), { code: gateway.unavailable });
  const verdict = readDrainVerdict({ home, epoch: gateway.epoch, now });
  if (verdict.reason !== 'unavailable') return { ...verdict, epoch: gateway.epoch };
  throw fileError('look at', drainRequestPath({ home }), { code: verdict.code });
}

/** A field that is there only when it says something. */
function given<T>(key: string, value: T | '' | null | undefined): Record<string, T> {
  return value === '' || value === null || value === undefined ? {} : { [key]: value };
}

function requirePrecondition(wanted: string | null | undefined, running: DrainVerdict['request']): void {
  if (wanted === undefined || (wanted === null ? !running : running?.request_id === wanted)) return;
  const found = running ? `the drain in force is ${running.request_id ?? 'one without an id'}` : 'no drain is in force';
  throw new ContractError('request_mismatch', `expected ${wanted ?? 'no drain in force'}; ${found}`);
}

function requireHolder(options: HomeOptions, requestId: string): void {
  const verdict = requireVerdict(options, Date.now());
  if (verdict.active && verdict.request.request_id !== requestId) {
    throw new ContractError(
      'request_mismatch',
      `the drain in force is ${verdict.request.request_id ?? 'one without an id'}, not ${requestId}`,
    );
  }
}
