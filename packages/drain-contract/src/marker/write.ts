import { v7 as uuidv7 } from 'uuid';
import { ContractError, fileError } from '../errors.ts';
import { encodeJson } from '../files/decode.pure.ts';
import { type FileLock, FileLockError } from '../files/file-lock.ts';
import { readRareFile } from '../files/read.ts';
import { keepReserve } from '../files/reserve.ts';
import { type FileSighting, isSameSighting } from '../files/sighting.ts';
import { createFile, removeFile, replaceFileIf } from '../files/write.ts';
import type { HomeOptions } from '../home.ts';
import { type GatewayObservation, observeGateway } from '../state/observe.ts';
import { gatewayStatePath } from '../state/path.ts';
import { plainText } from '../text.pure.ts';
import { formatIsoDateTime } from '../time.ts';
import { keepMarkerLock, withMarkerLock } from './lock.ts';
import { forgetOwnDrain, isLiveReference, judgeForGateway, keepOwnDrain } from './own-drain.ts';
import type { DrainRequestFields } from './parse.pure.ts';
import { drainRequestPath } from './path.ts';
import { DEFAULT_PRINCIPAL, type DrainRequest, drainRequestSchema, leadSecondsSchema } from './schema.pure.ts';
import { type DrainVerdict, drainVerdict, isDrainHeld } from './verdict.pure.ts';

/** How many times a writer begins anew because a program without the lock changed the marker meanwhile. */
const MAX_LOOKS = 10;

/** What a begin-drain asks for. On a refresh, what is left out stays as the running drain has it. */
export interface WriteDrainRequestOptions extends HomeOptions {
  /** The principal of the request. Default: `drain-control`. */
  readonly principal?: string | undefined;
  /** Suppress the shutdown notice to the home channels. */
  readonly suppressNotification?: boolean | undefined;
  /** The reason; at most 500 characters, control characters are removed. */
  readonly reason?: string | undefined;
  /** Seconds from 1 to 86,400 until the drain expires unless it is refreshed. */
  readonly maxAgeSeconds?: number | undefined;
  /**
   * The id to begin under, a UUID of the caller's choice, so that a caller that was restarted knows its own drain again:
   * with the id of the drain in force it is a refresh, and while another drain is in force nothing changes and
   * `request_held` is reported. Use a new one for each drain. Default: a new one.
   */
  readonly clientRequestId?: string | undefined;
  /** Seconds from 0 to 300 for which a new drain is only announced; a refresh keeps the time of the begin. Default: 0. */
  readonly leadSeconds?: number | undefined;
  /** Epoch to stamp. Default: the one published by the gateway of this home while it is live, else our own. */
  readonly epoch?: string | undefined;
  /** Only refresh this request (or one of these), or with `null` only begin: otherwise nothing is changed and `request_mismatch` is reported. */
  readonly requestId?: string | readonly string[] | null | undefined;
}

/**
 * Begins a drain, or refreshes the one in force: `requested_at` becomes now, `request_id` stays.
 * Durable and visible to every reader once the promise is fulfilled. A lock serializes the writers of all processes.
 * @returns the marker as written. @throws ContractError with the old marker intact; or, where it says "cannot durably
 * write", with the new one in force, which a power loss may undo. `locked` when other writers hold the lock for too long.
 */
export function writeDrainRequest(options: WriteDrainRequestOptions = {}): Promise<DrainRequest> {
  const path = drainRequestPath(options);
  return withMarkerLock(path, async (lock) => {
    for (let looks = 0; looks < MAX_LOOKS && lock.isCurrent(); looks += 1) {
      const seen = lookAtMarker(path, options);
      requireLook(path, options, seen);
      const request = composeRequest(options, seen);
      if (!(await placeMarker(path, encodeJson(request), seen.marker, lock))) continue;
      if (seen.gateway && isLiveReference(seen.gateway)) await keepOwnDrain(request, options);
      return request;
    }
    throw new ContractError('locked', `cannot write ${path}: other programs change it or its lock; try again`);
  });
}

/**
 * Keeps room on the volume for one marker, so that a drain can begin where nothing else can be written any more: a
 * full volume is a reason to drain. To be called by the program that writes markers, at its start and after each one.
 * Never fails. @returns whether there is room.
 */
export async function keepRoomForDrainRequest(options: HomeOptions = {}): Promise<boolean> {
  const path = drainRequestPath(options);
  return keepMarkerLock(path) && (await keepReserve(path));
}

/** Puts `text` in the place of what was `seen` there. @returns false if something else is there now. */
function placeMarker(path: string, text: string, seen: FileSighting, lock: FileLock): Promise<boolean> {
  if (seen.kind === 'absent') return createFile(path, text);
  return replaceFileIf(path, text, () => lock.isCurrent() && isSameSighting(seen, readRareFile(path)));
}

/** The drain to cancel. Default: any drain in force. */
export interface ClearDrainRequestOptions extends HomeOptions {
  /** Cancel only this request (or one of these): any other one stays in force, and `request_mismatch` is reported. */
  readonly requestId?: string | readonly string[] | undefined;
  /** Cancel only the drain that was begun under this id, as its caller chose it: any other one is reported as `request_held`. */
  readonly clientRequestId?: string | undefined;
}

/**
 * Cancels a drain by removing the marker. Idempotent.
 * @returns true if there was one. @throws ContractError if it could not be removed, or belongs to another request; or,
 * where it says "cannot durably remove", with the marker gone, which a power loss may undo. `locked` when a request is
 * named and other writers do not get done in time; a cancel that names none goes ahead without them.
 */
export async function clearDrainRequest(options: ClearDrainRequestOptions = {}): Promise<boolean> {
  return (await cancelDrainRequest(options)).reason !== 'absent';
}

/** As {@link clearDrainRequest}. @returns the verdict on what was removed; `absent` when there was nothing. */
export async function cancelDrainRequest(options: ClearDrainRequestOptions = {}): Promise<DrainVerdict> {
  const path = drainRequestPath(options);
  const cancel = async (): Promise<DrainVerdict> => {
    const seen = lookAtMarker(path, options);
    const { verdict } = seen;
    const { requestId, clientRequestId } = options;
    if (requestId !== undefined || clientRequestId !== undefined) requireLook(path, options, seen);
    if (requestId !== undefined) requireHolder(verdict, requestId);
    requireOwn(clientRequestId, isDrainHeld(verdict) ? verdict.request : undefined);
    const isRemoved = await removeFile(path);
    await forgetOwnDrain(options);
    return isRemoved ? verdict : { active: false, reason: 'absent' };
  };
  try {
    return await withMarkerLock(path, cancel);
  } catch (error) {
    if (error instanceof FileLockError && cancelsWithoutLock(options, error)) return cancel();
    throw error;
  }
}

/**
 * An operator can always cancel. A cancel that names no request removes whichever is there, so it needs no other writer
 * to stand still; one that names a request must not guess, unless there is no room for another drain anyway.
 */
function cancelsWithoutLock(
  { requestId, clientRequestId }: ClearDrainRequestOptions,
  { code }: FileLockError,
): boolean {
  return (requestId === undefined && clientRequestId === undefined) || code === 'no_space' || code === 'home_missing';
}

/** The current marker, and its verdict for its gateway. */
interface SeenMarker {
  readonly marker: FileSighting;
  readonly epoch: string;
  readonly now: number;
  readonly verdict: DrainVerdict;
  /** The gateway that it is for; `undefined` where the caller names an epoch. */
  readonly gateway: GatewayObservation | undefined;
  /** The errno name of a look at the gateway's state that failed for a passing reason. */
  readonly unavailable?: string;
}

function lookAtMarker(path: string, options: HomeOptions & { readonly epoch?: string | undefined }): SeenMarker {
  const now = Date.now();
  const { home } = options;
  const gateway = options.epoch === undefined ? observeGateway({ home, now }) : undefined;
  const epoch = gateway?.epoch ?? options.epoch ?? '';
  const marker = readRareFile(path);
  const verdict = gateway ? judgeForGateway(marker, gateway, { home, now }) : drainVerdict({ marker, epoch, now });
  const unavailable = gateway?.unavailable;
  return { marker, epoch, now, verdict, gateway, ...(unavailable === undefined ? {} : { unavailable }) };
}

/** @throws ContractError `unavailable`: a marker that cannot be read must be neither replaced nor attributed to another request. */
function requireLook(path: string, { home }: HomeOptions, { verdict, unavailable }: SeenMarker): void {
  if (unavailable !== undefined) throw fileError('look at', gatewayStatePath({ home }), { code: unavailable });
  if (verdict.reason === 'unavailable') throw fileError('look at', path, { code: verdict.code });
}

function composeRequest(options: WriteDrainRequestOptions, { verdict, epoch, now }: SeenMarker): DrainRequest {
  const running = isDrainHeld(verdict) ? verdict.request : undefined;
  requirePrecondition(options.requestId, running);
  requireOwn(options.clientRequestId, running);
  const runningId = drainRequestSchema.shape.request_id.safeParse(running?.request_id);
  const parsed = drainRequestSchema.safeParse({
    action: 'drain',
    requested_at: formatIsoDateTime(now),
    principal: options.principal ?? (running?.principal || DEFAULT_PRINCIPAL),
    epoch: epoch || stampedEpoch(verdict, options),
    suppress_notification: options.suppressNotification ?? running?.suppress_notification ?? false,
    request_id: options.clientRequestId ?? runningId.data ?? uuidv7(),
    ...given('reason', plainText(options.reason ?? running?.reason ?? '')),
    ...given('max_age_seconds', options.maxAgeSeconds ?? running?.max_age_seconds),
    ...given('refuse_after', running ? keptRefuseAfter(verdict, now) : newRefuseAfter(options.leadSeconds, now)),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badRequest(issue?.path.join('.'), issue?.message);
}

/** Where the gateway's epoch is not known, a refresh keeps what a writer beside the gateway has stamped. */
function stampedEpoch(verdict: DrainVerdict, options: WriteDrainRequestOptions): string {
  const stamped = isDrainHeld(verdict) && options.epoch === undefined ? verdict.body.epoch : undefined;
  return typeof stamped === 'string' ? stamped : '';
}

/** A time that counts for nothing yet is not kept: beside the newer `requested_at` it might. */
function keptRefuseAfter({ reason, request }: DrainVerdict, now: number): string | null {
  const time = request?.refuse_after ?? null;
  return reason === 'announced' || Date.parse(time ?? '') <= now ? time : null;
}

function newRefuseAfter(leadSeconds: number | undefined, now: number): string | null {
  const lead = leadSecondsSchema.default(0).safeParse(leadSeconds);
  if (!lead.success) throw badRequest('lead_seconds', lead.error.issues[0]?.message);
  return lead.data === 0 ? null : formatIsoDateTime(now + Math.round(lead.data * 1000));
}

function badRequest(field: string | undefined, message: string | undefined): ContractError {
  return new ContractError('invalid_argument', `bad drain request: ${field}: ${message}`);
}

/** A field that is present only with a value. */
function given<T>(key: string, value: T | '' | null | undefined): Record<string, T> {
  return value === '' || value === null || value === undefined ? {} : { [key]: value };
}

function requirePrecondition(wanted: WriteDrainRequestOptions['requestId'], running: DrainVerdict['request']): void {
  if (wanted === undefined || (wanted === null ? !running : running && isNamed(running, wanted))) return;
  const expected = wanted === null ? 'no drain in force' : namesOf(wanted);
  const found = running ? `the drain in force is ${nameOf(running)}` : 'no drain is in force';
  throw new ContractError('request_mismatch', `expected ${expected}; ${found}`);
}

function requireOwn(own: string | undefined, running: DrainVerdict['request']): void {
  if (own === undefined || running === undefined || running.request_id === own) return;
  const found = `the drain in force is ${nameOf(running)}`;
  throw new ContractError(
    'request_held',
    `expected no drain in force but ${own}; ${found}; wait for its end, or cancel it`,
  );
}

function requireHolder(verdict: DrainVerdict, wanted: string | readonly string[]): void {
  if (!isDrainHeld(verdict) || isNamed(verdict.request, wanted)) return;
  throw new ContractError(
    'request_mismatch',
    `the drain in force is ${nameOf(verdict.request)}, not ${namesOf(wanted)}`,
  );
}

function isNamed({ request_id }: DrainRequestFields, wanted: string | readonly string[]): boolean {
  return request_id !== null && [wanted].flat().includes(request_id);
}

function nameOf({ request_id }: DrainRequestFields): string {
  return request_id ?? 'one without an id';
}

function namesOf(wanted: string | readonly string[]): string {
  return [wanted].flat().join(' or ') || 'one without a name';
}
