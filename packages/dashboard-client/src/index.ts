export type { Connection } from './api/connection.ts';
export {
  type BeginOptions,
  DashboardApi,
  type Precondition,
  type RestartOptions,
} from './api/dashboard-api.ts';
export type {
  AuditEntry,
  AuditVerdict,
  Begun,
  Boot,
  Cancelled,
  DrainView,
  InFlightSample,
  ProfileView,
  RestartBegun,
  StatusView,
  Turn,
} from './api/views.ts';
export { DashboardError, type Holder, isPassing, type Problem, Refused, Unprovable, Unreachable } from './errors.ts';
export { type ProfileEvent, ProfileStream, type Snapshot, type StreamObserver } from './events/profile-stream.ts';
export { type Absence, absenceOf, isAbsence, mayRecover } from './wait/absence.ts';
export {
  hasOnlyStalledTurns,
  isInFlight,
  isInForce,
  type Judgement,
  judge,
  type OwnTurn,
  oldestFirst,
  type Sighting,
} from './wait/judge.ts';
export { KeepAlive, type KeepAliveOptions } from './wait/keep-alive.ts';
export { type LookOptions, persistently, sightings } from './wait/look.ts';
export { type Progress, type WaitEnd, type WaitObserver, type WaitOptions, waitUntilDrained } from './wait/wait.ts';
