import { type AuditAction, type AuditLog, type AuditRecord, NO_PROFILE } from '@hermes/drain-audit';
import { DEFAULT_PROFILE, formatIsoDateTime, isProfileName, reasonSchema } from '@hermes/drain-contract';
import { PROBLEM_TYPE } from '@hermes/service-kit/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { credentialOf } from '../auth/guard.ts';
import { jsonBody } from '../http/body.ts';
import { addressOf } from '../http/client-address.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the requests of this route want; `by-action`: what their body says. */
    readonly audit?: AuditAction | 'by-action';
  }
  interface FastifyRequest {
    /** The drain of the request, once known. */
    auditedRequestId: string | null;
    /** The requested change, set before the answer. */
    auditedAction: AuditAction | null;
  }
}

const MAX_DETAIL = 500;

/** Writes down every request of an audited route that came with a credential, before it is answered. */
export function installAudit(api: FastifyInstance, log: AuditLog): void {
  api.decorateRequest('auditedRequestId', null);
  api.decorateRequest('auditedAction', null);
  api.addHook('onSend', async (request, reply, payload) => {
    if (request.routeOptions.config.audit === undefined) return payload;
    const body = bodyOf(request);
    request.auditedAction = actionOf(request, body);
    if (request.credential === null) return payload;
    await log.record(recordOf(request, body, reply, payload));
    return payload;
  });
}

type Body = Readonly<Record<string, unknown>>;

function recordOf(request: FastifyRequest, body: Body, reply: FastifyReply, payload: unknown): AuditRecord {
  const { profile: inQuery } = request.query as { profile?: unknown };
  const { statusCode: status } = reply;
  return {
    at: formatIsoDateTime(Date.now()),
    principal: credentialOf(request).name,
    address: addressOf(request),
    action: actionOf(request, body),
    profile: nameOf(body.profile) ?? nameOf(inQuery) ?? DEFAULT_PROFILE,
    request_id: request.auditedRequestId,
    reason: reasonSchema.safeParse(body.reason).data ?? null,
    result: status < 400 ? 'ok' : status < 500 ? 'refused' : 'failed',
    status,
    detail: status < 400 ? detailOf(body) : problemIn(reply, payload),
  };
}

/** The content of the body, parsed or not. */
function bodyOf({ body }: FastifyRequest): Body {
  const read = Buffer.isBuffer(body) ? jsonBody(body) : { ok: true as const, value: body };
  const value = read.ok ? read.value : undefined;
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function actionOf(request: FastifyRequest, body: Body): AuditAction {
  const { audit = 'drain' } = request.routeOptions.config;
  if (audit !== 'by-action') return audit;
  return body.action === 'cancel' ? 'cancel' : 'drain';
}

/** Nothing else than a name is written: a query can hold kilobytes of anything. */
function nameOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' && isProfileName(value) ? value : NO_PROFILE;
}

function detailOf(body: Body): string | null {
  return body.force === true ? 'forced' : null;
}

function problemIn(reply: FastifyReply, payload: unknown): string | null {
  const isProblem = String(reply.getHeader('content-type')).startsWith(PROBLEM_TYPE);
  if (typeof payload !== 'string' || !isProblem) return null;
  const { code, detail } = JSON.parse(payload) as { code: string; detail?: string };
  return (detail ? `${code}: ${detail}` : code).slice(0, MAX_DETAIL);
}
