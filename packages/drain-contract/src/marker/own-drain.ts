import { encodeJson } from '../files/decode.pure.ts';
import { readRareFile } from '../files/read.ts';
import type { FileSighting } from '../files/sighting.ts';
import { removeFile, replaceFileIf } from '../files/write.ts';
import { type HomeOptions, resolveHome } from '../home.ts';
import type { GatewayObservation } from '../state/observe.ts';
import { isOfReferenceSystem } from '../state/reference.pure.ts';
import { isNamedIdentity, publishedIdentity } from './identity.ts';
import { type DrainRequestFields, type ParsedMarker, parseMarker } from './parse.pure.ts';
import { drainRequestPath } from './path.ts';
import { type DrainRequest, MAX_AGE_SECONDS } from './schema.pure.ts';
import { type DrainVerdict, isDrainHeld, judgeMarker } from './verdict.pure.ts';

/**
 * Name of the file with the marker as we wrote it last for a gateway of the reference system, and `began_at`. That system's
 * writers refresh a marker without what only we know of it, and its gateway publishes nothing of it either.
 */
const OWN_DRAIN_FILENAME = '.drain_request.own.json';

/** Which gateway a marker is judged for, and when. */
export interface GatewayVerdictOptions extends HomeOptions {
  /** Unix ms. */
  readonly now: number;
}

/**
 * The verdict on the marker as the observed gateway reaches it; one of the reference system honours neither
 * `max_age_seconds` nor `refuse_after`. A drain that was begun under an id keeps it, with its reason and max age, when a
 * writer of the reference system has refreshed the marker without them: then `body` has no id and `request` has one. Never throws.
 */
export function readGatewayVerdict(gateway: GatewayObservation, options: GatewayVerdictOptions): DrainVerdict {
  if (gateway.unavailable !== undefined) return { active: false, reason: 'unavailable', code: gateway.unavailable };
  return judgeForGateway(readRareFile(drainRequestPath(options)), gateway, options);
}

/** The same for a marker that has been read. */
export function judgeForGateway(
  sighting: FileSighting,
  gateway: GatewayObservation,
  options: GatewayVerdictOptions,
): DrainVerdict {
  const marker = parseMarker(sighting);
  const isReference = isLiveReference(gateway);
  const verdict = judgeMarker(isReference ? asReferenceReads(marker) : marker, gateway.epoch, options.now);
  if (!isDrainHeld(verdict) || !('fields' in marker)) return verdict;
  const kept = marker.fields.request_id ? {} : keptFields(gateway, verdict, options);
  const { max_age_seconds } = marker.fields;
  return { ...verdict, request: { ...verdict.request, max_age_seconds, ...kept } };
}

/** Whether a live gateway of the reference system serves the home. */
export function isLiveReference({ state, live }: GatewayObservation): boolean {
  return live && state !== undefined && isOfReferenceSystem(state);
}

function asReferenceReads(marker: ParsedMarker): ParsedMarker {
  if (!('fields' in marker)) return marker;
  return { ...marker, refuseAfter: undefined, fields: { ...marker.fields, max_age_seconds: null, refuse_after: null } };
}

/** What we know of a drain whose marker has no id any more. */
function keptFields(
  gateway: GatewayObservation,
  verdict: DrainVerdict,
  options: GatewayVerdictOptions,
): Partial<DrainRequestFields> {
  const answer = gateway.live ? gateway.state?.drain : null;
  if (answer) {
    const identity = publishedIdentity(answer);
    return isNamedIdentity(identity) ? { request_id: identity, reason: answer.reason } : {};
  }
  const own = isLiveReference(gateway) ? readOwnDrain(options) : undefined;
  return own && continues(own, verdict) ? pick(own.fields) : {};
}

function pick({ request_id, reason, max_age_seconds }: DrainRequestFields): Partial<DrainRequestFields> {
  return { request_id, reason, max_age_seconds };
}

/** Whether the marker can be a refresh of ours: of the same boot, not older, and not from after its end. */
function continues(own: Dated, { body, request }: DrainVerdict): boolean {
  const refreshedAt = Date.parse(request?.requested_at ?? '');
  const last = own.requestedAt ?? Number.NaN;
  return body?.epoch === own.body.epoch && refreshedAt >= last && refreshedAt <= last + MAX_AGE_SECONDS.default * 1_000;
}

type Dated = Extract<ParsedMarker, { readonly kind: 'corrupt' | 'object' }>;

function readOwnDrain(options: HomeOptions): Dated | undefined {
  const own = parseMarker(readRareFile(ownDrainPath(options)));
  return own.kind === 'object' && own.fields.request_id ? own : undefined;
}

/** When the drain of a verdict began, in Unix ms, which a refresh does not change; NaN where that is not known. */
export function beganAt(verdict: DrainVerdict, options: HomeOptions): number {
  const requestedAt = Date.parse(verdict.request?.requested_at ?? '');
  const own = readOwnDrain(options);
  if (!own || own.fields.request_id !== verdict.request?.request_id) return requestedAt;
  return Date.parse(String(own.body['began_at'])) || requestedAt;
}

/** Keeps what only we know of a drain. Best effort: a drain must not fail for it. */
export async function keepOwnDrain(request: DrainRequest, options: HomeOptions): Promise<void> {
  const before = readOwnDrain(options);
  const isSame = before?.fields.request_id === request.request_id;
  const began_at = (isSame && before.body['began_at']) || request.requested_at;
  const text = encodeJson({ ...request, began_at });
  await replaceFileIf(ownDrainPath(options), text, () => true).catch(() => undefined);
}

/** To be called when the marker has been removed. */
export async function forgetOwnDrain(options: HomeOptions): Promise<void> {
  await removeFile(ownDrainPath(options)).catch(() => undefined);
}

function ownDrainPath(options: HomeOptions): string {
  return `${resolveHome(options)}/${OWN_DRAIN_FILENAME}`;
}
