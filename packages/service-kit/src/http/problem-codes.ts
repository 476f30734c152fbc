/** What a problem code means to the person who meets it. */
export interface ProblemMeaning {
  /** The HTTP status of its answers. */
  readonly status: readonly number[];
  /** The programs that answer with it. */
  readonly by: readonly ('gateway' | 'dashboard')[];
  readonly cause: string;
  /** What to do now. */
  readonly cure: string;
}

const BOTH = ['gateway', 'dashboard'] as const;
const GATEWAY = ['gateway'] as const;
const DASHBOARD = ['dashboard'] as const;

/**
 * Every `code` of an RFC 9457 problem that the gateway or the dashboard answers with. The reference in the documentation is
 * generated from this list, and an error with another code does not compile.
 */
export const PROBLEM_CODES = {
  'bad-request': {
    status: [400],
    by: BOTH,
    cause: 'The HTTP request is not valid, for example a URL that cannot be decoded.',
    cure: 'Correct the request; `detail` says what is wrong.',
  },
  'body-too-large': {
    status: [413],
    by: BOTH,
    cause: 'The body is larger than the limit of the route.',
    cure: 'Send a smaller body. For the gateway, raise `api_server.max_body_mib` in `config.yaml`.',
  },
  draining: {
    status: [503],
    by: GATEWAY,
    cause: 'A drain is in force: running turns finish, new ones do not start. The message was not stored.',
    cure: 'Send it again after `Retry-After`, or to another gateway now. To end the drain: `drainctl cancel`.',
  },
  'drain-held': {
    status: [409],
    by: DASHBOARD,
    cause: 'Another drain is in force, and the request named an id of its own. Nothing was changed.',
    cure: 'Wait for the holder in `holder`, or take part in its drain by its `request_id`.',
  },
  forbidden: {
    status: [403],
    by: DASHBOARD,
    cause: 'The credential is valid and lacks the scope in `scope`, or does not cover this profile.',
    cure: 'Use a credential that has the scope, or add it in `HERMES_DASHBOARD_CREDENTIALS`.',
  },
  'headers-too-large': {
    status: [431],
    by: BOTH,
    cause: 'The headers of the request are too large.',
    cure: 'Send fewer or shorter headers.',
  },
  'home-missing': {
    status: [404],
    by: DASHBOARD,
    cause: 'The home directory does not exist.',
    cure: 'Create it, mount the volume, or set `HERMES_HOME`.',
  },
  internal: {
    status: [500],
    by: BOTH,
    cause: 'The program has a fault, or met an error that it does not expect.',
    cure: 'Look for `request failed` in the log of the program, and report it with the log line.',
  },
  'invalid-json': {
    status: [400],
    by: BOTH,
    cause: 'The body is empty or not JSON.',
    cure: 'Send a JSON object with `content-type: application/json`.',
  },
  'invalid-request': {
    status: [400],
    by: BOTH,
    cause: 'A field, a header or the query is not as expected. Nothing was changed.',
    cure: 'Correct what `detail` names; the HTTP reference has every field.',
  },
  'key-reused': {
    status: [422],
    by: GATEWAY,
    cause: 'An OpenAI client sent an `Idempotency-Key` that belongs to another request. Nothing was stored.',
    cure: 'Use a new key for each request, and the same key only for its retries.',
  },
  'malformed-http': {
    status: [400],
    by: BOTH,
    cause: 'What arrived on the connection is not HTTP/1.1.',
    cure: 'Check the client and the proxies in between: HTTPS to a plain port is the usual cause.',
  },
  'marker-locked': {
    status: [503],
    by: DASHBOARD,
    cause: 'Another process holds the lock of the drain request file.',
    cure: 'Send the request again after `Retry-After`.',
  },
  misdirected: {
    status: [421],
    by: BOTH,
    cause: 'The `Host` of the request is not a name of this server; a web page that rebinds its name looks like this.',
    cure: 'Use the address that the program prints, or add the name: `api_server.allowed_hosts` (gateway), `HERMES_DASHBOARD_ALLOWED_HOSTS` (dashboard).',
  },
  'model-unknown': {
    status: [404],
    by: GATEWAY,
    cause: 'The gateway offers no model with this name.',
    cure: 'Use a name that `GET /v1/models` lists.',
  },
  'models-unavailable': {
    status: [502],
    by: GATEWAY,
    cause: 'The model server did not list its models.',
    cure: 'Check it with `hermes-gateway doctor`; the log of the gateway has the details.',
  },
  'no-space': {
    status: [507],
    by: DASHBOARD,
    cause: 'The volume is full, or its quota is used up.',
    cure: 'Free some space (`df -h "$HERMES_HOME"`) and send the request again.',
  },
  'no-supervisor': {
    status: [501],
    by: DASHBOARD,
    cause: 'No service manager supervises this gateway where the dashboard runs.',
    cure: 'Restart the gateway where it runs.',
  },
  'not-found': {
    status: [404],
    by: BOTH,
    cause: 'The server has no such path.',
    cure: 'Check the path and the method in the HTTP reference.',
  },
  'not-ready': {
    status: [503],
    by: DASHBOARD,
    cause: 'The dashboard cannot use its home directory.',
    cure: 'Run `hermes-s6 doctor`, and check that the volume is mounted and belongs to the user of the dashboard.',
  },
  'not-safe-to-stop': {
    status: [409],
    by: DASHBOARD,
    cause: 'A restart without `force` was requested while turns are in flight or may start.',
    cure: 'Drain and wait first (`drainctl begin --wait`), or restart with `force`, which interrupts turns.',
  },
  overloaded: {
    status: [503],
    by: GATEWAY,
    cause: 'A limit is reached: queued messages, readers of events, tickets or large bodies. Nothing was stored.',
    cure: 'Send it again after `Retry-After`. If it happens often, look at `hermes_turns_queued` and the limits in `config.yaml`.',
  },
  'profile-unknown': {
    status: [404],
    by: DASHBOARD,
    cause: 'There is no such profile: a profile is a directory with a `SOUL.md` under `profiles` in the home.',
    cure: 'Check the name with `drainctl status --all`.',
  },
  'request-mismatch': {
    status: [412],
    by: DASHBOARD,
    cause: 'The drain in force is not the one that the request names. Nothing was changed.',
    cure: 'Look at `holder`: if it is meant, send its `request_id`.',
  },
  'request-timeout': {
    status: [408],
    by: BOTH,
    cause: 'The request did not arrive completely in time. It was not processed.',
    cure: 'Send it again; check the network between client and server.',
  },
  'restart-in-flight': {
    status: [409],
    by: DASHBOARD,
    cause: 'A restart of this gateway is in progress.',
    cure: 'Wait until it has ended: `drainctl status`.',
  },
  starting: {
    status: [503],
    by: GATEWAY,
    cause: 'The gateway is starting. The message was not stored.',
    cure: 'Send it again after `Retry-After`.',
  },
  stopping: {
    status: [503],
    by: GATEWAY,
    cause: 'The gateway is shutting down. The message was not stored.',
    cure: 'Send it again after `Retry-After`, or to another gateway now.',
  },
  'storage-unavailable': {
    status: [503],
    by: BOTH,
    cause: 'The home directory or the journal cannot be used now: full, read-only, missing, or not permitted.',
    cure: '`/readyz?verbose` and the log say which file and why. Send the request again when the problem is solved.',
  },
  'supervisor-failed': {
    status: [503],
    by: DASHBOARD,
    cause: 'The service manager does not answer.',
    cure: 'Run `hermes-s6 list` and `hermes-s6 doctor` on the machine of the gateway.',
  },
  'ticket-invalid': {
    status: [401],
    by: GATEWAY,
    cause: 'The ticket for an event stream is unknown, has expired, or is for another session.',
    cure: 'Request a new ticket with the API key.',
  },
  'too-many-attempts': {
    status: [429],
    by: BOTH,
    cause: 'Too many wrong secrets came from this address.',
    cure: 'Use the right secret, which is always accepted, or wait as long as `Retry-After` says.',
  },
  'too-many-readers': {
    status: [503],
    by: DASHBOARD,
    cause: 'Too many clients follow the events.',
    cure: 'Connect again after `Retry-After`; close streams that are not read.',
  },
  'too-many-waiters': {
    status: [503],
    by: DASHBOARD,
    cause: 'Too many requests wait for a drain.',
    cure: 'Ask without `until`, or again after `Retry-After`.',
  },
  'turn-failed': {
    status: [400, 422],
    by: GATEWAY,
    cause: 'The turn ran and its agent failed. The status depends on the route; usual clients do not repeat it.',
    cure: '`detail` has the reason of the agent. Send a new message to try again.',
  },
  'turn-interrupted': {
    status: [400, 422],
    by: GATEWAY,
    cause: 'The turn ran and was interrupted: by a shutdown, a timeout, `DELETE /v1/turns/ID`, or a crash.',
    cure: 'Send a new message to continue.',
  },
  'turn-pending': {
    status: [409],
    by: GATEWAY,
    cause: 'The message is stored and its turn starts after the restart of the gateway.',
    cure: 'Send the same request again after `Retry-After`: it joins that turn.',
  },
  'turn-unknown': {
    status: [404],
    by: GATEWAY,
    cause: 'The gateway does not know this turn: the id is wrong, or retention has removed it.',
    cure: 'Check the id. Ended turns are kept for `retention_days` (`config.yaml`).',
  },
  unauthorized: {
    status: [401],
    by: BOTH,
    cause: 'The secret is missing or wrong.',
    cure: 'Send `Authorization: Bearer SECRET`. Dashboard: `$HERMES_HOME/.dashboard_token` or a configured secret. Gateway: `API_SERVER_KEY`.',
  },
  'unsupported-media-type': {
    status: [415],
    by: BOTH,
    cause: 'The body has another media type than JSON.',
    cure: 'Send `content-type: application/json`.',
  },
} as const satisfies Readonly<Record<string, ProblemMeaning>>;

/** The `code` of a problem. */
export type ProblemCode = keyof typeof PROBLEM_CODES;
