import {
  DEFAULT_PROFILE,
  type DrainRequest,
  findProfile,
  isDrainHeld,
  isLiveReference,
  keepRoomForDrainRequest,
  listProfiles,
  MAX_AGE_SECONDS,
  observeGateway,
  type Profile,
  writeDrainRequest,
} from '@hermes/drain-contract';
import { ProblemError } from '@hermes/service-kit/http';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { credentialOf } from '../auth/guard.ts';
import { problemResponses } from '../http/problem-schema.ts';
import { readProfileStatus } from '../status/read.ts';
import { profileQuerySchema } from '../status/schemas.ts';
import { acceptedBody } from './accepted-body.pure.ts';
import { cancelDrain } from './cancel.ts';
import { entityTag } from './if-match.ts';
import { refreshedRequests, tellingHolder } from './precondition.ts';
import {
  beganSchema,
  beginHeadersSchema,
  cancelledSchema,
  type DrainBody,
  drainBodySchema,
  drainQuerySchema,
  drainViewSchema,
  ifMatchSchema,
  LONGEST_POLL_SECONDS,
  mismatchSchema,
} from './schemas.ts';
import { drainView } from './view.ts';
import type { DrainWaits } from './wait.ts';

const PATH = '/gateway/drain';

export interface DrainRouteOptions {
  /** The root home. */
  readonly home: string;
  readonly waits: DrainWaits;
  /** Called before a begin is answered, for controllers that must act before the first refusal. */
  begun(profile: string, requestId: string): Promise<void>;
}

/** `POST`, `GET` and `DELETE /api/gateway/drain`. */
export const drainRoutes: FastifyPluginAsyncZod<DrainRouteOptions> = async (api, { home, waits, begun }) => {
  const profileCalled = (name = DEFAULT_PROFILE) => findProfile(name, { home });
  // So that a drain can begin on a volume that is full by then. In the background: there may be thousands of profiles.
  const closing = new AbortController();
  let keepingRoom: Promise<void> | undefined;
  api.addHook('onReady', async () => {
    keepingRoom = keepRoomForAll(home, closing.signal);
  });
  api.addHook('onClose', async () => {
    closing.abort();
    await keepingRoom;
  });

  api.route({
    method: 'POST',
    url: PATH,
    config: { scope: 'drain', audit: 'by-action' },
    schema: {
      summary: 'Begin, refresh or cancel a drain',
      tags: ['drain'],
      querystring: profileQuerySchema,
      headers: beginHeadersSchema,
      body: drainBodySchema,
      response: {
        200: z.discriminatedUnion('action', [beganSchema, cancelledSchema]).describe('The change is on disk.'),
        ...problemResponses([400, 401, 403, 404, 413, 429, 503, 507]),
        ...problemResponses([409, 412], mismatchSchema),
      },
    },
    preValidation: async (request) => {
      request.body = acceptedBody(request.body) as typeof request.body;
    },
    handler: async (request, reply) => {
      const profile = profileCalled(oneName(request.body.profile, request.query.profile));
      if (request.body.action === 'cancel') return cancel(profile, request, request.body.request_id);
      const refreshed = refreshedRequests(request.headers);
      const principal = credentialOf(request).name;
      const began = await tellingHolder(profile, beginDrain(profile, request.body, principal, refreshed));
      request.auditedRequestId = began.request_id;
      request.log.info({ profile: profile.name, request_id: began.request_id }, 'drain begun');
      await begun(profile.name, began.request_id);
      reply.header('etag', `"${began.request_id}"`);
      await keepRoomForDrainRequest({ home: profile.home });
      return began;
    },
  });

  api.route({
    method: 'DELETE',
    url: PATH,
    config: { scope: 'drain', audit: 'cancel' },
    schema: {
      summary: 'Cancel a drain',
      tags: ['drain'],
      querystring: profileQuerySchema,
      headers: ifMatchSchema,
      response: {
        200: cancelledSchema,
        ...problemResponses([400, 401, 403, 404, 503]),
        ...problemResponses([412], mismatchSchema),
      },
    },
    handler: async (request) => cancel(profileCalled(request.query.profile), request),
  });

  api.route({
    method: 'GET',
    url: PATH,
    schema: {
      summary: 'Show the drain request, its verdict, and the answer of the gateway',
      tags: ['drain'],
      querystring: drainQuerySchema,
      response: { 200: drainViewSchema, ...problemResponses([400, 401, 403, 404, 429, 503]) },
    },
    handler: async (request, reply) => {
      const { until, wait } = request.query;
      const profile = profileCalled(request.query.profile);
      const seconds = Math.min(wait, LONGEST_POLL_SECONDS);
      const status = until ? await waits.wait(profile, seconds * 1000, request.signal) : readProfileStatus(profile);
      const view = drainView(status);
      const etag = entityTag(view.request_id);
      if (etag) reply.header('etag', etag);
      return view;
    },
  });
};

async function keepRoomForAll(home: string, signal: AbortSignal): Promise<void> {
  for (const profile of listProfiles({ home })) {
    if (signal.aborted) return;
    await keepRoomForDrainRequest({ home: profile.home });
  }
}

async function cancel(
  profile: Profile,
  request: FastifyRequest,
  own?: string,
): Promise<z.infer<typeof cancelledSchema>> {
  request.auditedRequestId = readProfileStatus(profile).verdict.request?.request_id ?? null;
  const cancelled = await cancelDrain(profile, request.headers['if-match'], own);
  const was_draining = isDrainHeld(cancelled);
  request.auditedRequestId = cancelled.request?.request_id ?? null;
  request.log.info({ profile: profile.name, was_draining }, 'drain cancelled');
  return { ok: true, action: 'cancel', was_draining };
}

async function beginDrain(
  { home }: Profile,
  body: DrainBody,
  principal: string,
  requestId: readonly string[] | null | undefined,
): Promise<z.infer<typeof beganSchema>> {
  const request = await writeDrainRequest({
    home,
    principal,
    suppressNotification: body.suppress_notification,
    reason: body.reason,
    maxAgeSeconds: body.max_age_seconds,
    clientRequestId: body.request_id,
    leadSeconds: body.lead_seconds,
    requestId,
  });
  const gateway = observeGateway({ home });
  return {
    ok: true,
    action: 'drain',
    request_id: request.request_id,
    requested_at: request.requested_at,
    draining: true,
    suppress_notification: request.suppress_notification,
    gateway_running: gateway.live,
    ...(request.refuse_after === undefined ? {} : { refuse_after: request.refuse_after }),
    ...(isLiveReference(gateway) ? warningOf(request) : {}),
  };
}

/** What the reference system's gateway does not do of what was asked for. */
function warningOf({ max_age_seconds, refuse_after }: DrainRequest): { readonly warning?: string } {
  const ignored = [
    ...(max_age_seconds === undefined || max_age_seconds === MAX_AGE_SECONDS.default ? [] : ['max_age_seconds']),
    ...(refuse_after === undefined ? [] : ['lead_seconds']),
  ];
  if (ignored.length === 0) return {};
  const what = `this gateway is of the reference system and ignores ${ignored.join(' and ')}`;
  return {
    warning: `${what}: it refuses turns at once, until ${MAX_AGE_SECONDS.default} s after the last refresh; cancel the drain to end it earlier`,
  };
}

/** A profile may be named in the body or in the query, but not two of them. */
function oneName(inBody: string | undefined, inQuery: string | undefined): string | undefined {
  if (inBody === undefined || inQuery === undefined || inBody === inQuery) return inBody ?? inQuery;
  throw new ProblemError(
    400,
    'invalid-request',
    'Invalid request',
    'profile: expected the same name in the body and the query; found two different ones.',
  );
}
