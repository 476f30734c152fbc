/** A failed call; its message is for the user. */
export class DashboardError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DashboardError';
  }
}

/** The dashboard does not answer, or a proxy answers in its place. */
export class Unreachable extends DashboardError {
  /** The message without the address. */
  readonly reason: string;

  constructor(url: string, reason: string) {
    super(`cannot reach the dashboard at ${url}: ${reason}`);
    this.name = 'Unreachable';
    this.reason = reason;
  }
}

/** The dashboard refused the request. */
export class Refused extends DashboardError {
  /** Of the response. */
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(`the dashboard refused: ${tell(status, problem)}`);
    this.name = 'Refused';
    this.status = status;
    this.problem = problem;
  }

  /** The dashboard's own message, for a context that names the dashboard. */
  get said(): string {
    const { detail, title, code } = this.problem;
    return detail || title || code;
  }
}

/** This system does not show who listens on a port, so that no secret was sent to it. */
export class Unprovable extends DashboardError {
  constructor(message: string) {
    super(message);
    this.name = 'Unprovable';
  }
}

/** RFC 9457 problem details, as far as they can be relied on. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title?: string;
  readonly detail?: string;
  readonly holder?: Holder;
  /** The scope that the credential lacks, if that is why. */
  readonly scope?: string;
}

/** Who asked for the drain that is in force. */
export interface Holder {
  readonly request_id: string | null;
  readonly principal: string | null;
  readonly reason: string | null;
  readonly requested_at: string | null;
}

const BUSY = [429, 500, 503, 507];

/** Whether a retry of the same request may succeed. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refused && BUSY.includes(error.status));
}

/** The error for an answer other than 2xx. */
export function refusal(url: string, status: number, body: unknown): DashboardError {
  if (isProblem(body)) return new Refused(status, body);
  if (status >= 500) return new Unreachable(url, `HTTP ${status} from something in between`);
  return new Unreachable(url, `HTTP ${status}, and not from a dashboard; is the URL right?`);
}

/** The error for a failed request. */
export function failure(url: string, error: unknown): DashboardError {
  if (error instanceof DashboardError) return error;
  const { name, message, cause } = error as Error;
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? (cause as Error | undefined)?.message;
  return new Unreachable(url, name === 'TimeoutError' ? 'no answer in time' : (reason ?? codeOf(error) ?? message));
}

/** Of an error of the system; a DOMException has a number there. */
function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && typeof (body as Problem).code === 'string';
}

const CURES: Readonly<Record<string, string>> = {
  unauthorized: 'the secret is not the one it expects',
};

function tell(status: number, { code, title, detail }: Problem): string {
  return `${(CURES[code] ?? (detail || title || code)).replace(/\.$/, '')} (${status} ${code})`;
}
