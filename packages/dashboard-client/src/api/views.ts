import type { paths } from './api.gen.ts';

type Json<Response extends { content: { 'application/json': unknown } }> = Response['content']['application/json'];

type Answer<Operation extends { responses: { 200: { content: { 'application/json': unknown } } } }> = Json<
  Operation['responses'][200]
>;

/** The marker of a profile, its verdict, and the answer of the gateway. */
export type DrainView = Answer<paths['/api/gateway/drain']['get']>;
/** A gateway, and its turns in flight. */
export type StatusView = Answer<paths['/api/status']['get']>;
/** A row of the list of profiles. */
export type ProfileView = Answer<paths['/api/profiles']['get']>['profiles'][number];
/** A turn in flight. */
export type Turn = StatusView['active_work'][number];
/** One request in the audit. */
export type AuditEntry = Answer<paths['/api/audit']['get']>['entries'][number];
/** Whether the audit is unchanged. */
export type AuditVerdict = Answer<paths['/api/audit/verify']['get']>;
/** The answer to a drain that was begun or refreshed. */
export type Begun = Extract<Answer<paths['/api/gateway/drain']['post']>, { action: 'drain' }>;
/** The answer to a cancel. */
export type Cancelled = Answer<paths['/api/gateway/drain']['delete']>;
/** The answer to a restart, which continues after it. */
export type RestartBegun = Json<paths['/api/gateway/restart']['post']['responses'][202]>;
/** The action of one boot for a profile. */
export type Boot = Answer<paths['/api/boot-log']['get']>['entries'][number];
/** Unix ms, and the turns in flight from then on; `null` if unknown. */
export type InFlightSample = Answer<paths['/api/in-flight']['get']>['samples'][number];
