import type { paths } from './api.gen.ts';

type Answer<Route extends { get: { responses: { 200: { content: { 'application/json': unknown } } } } }> =
  Route['get']['responses'][200]['content']['application/json'];

export type DrainView = Answer<paths['/api/gateway/drain']>;
export type StatusView = Answer<paths['/api/status']>;
export type ProfileView = Answer<paths['/api/profiles']>['profiles'][number];
export type Turn = StatusView['active_work'][number];
export type AuditEntry = Answer<paths['/api/audit']>['entries'][number];
export type AuditVerdict = Answer<paths['/api/audit/verify']>;
