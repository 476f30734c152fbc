import type { Log } from '../drain/log.ts';

/** The drain in force. */
export interface Drain {
  /** Why, in the words of who asked for it. */
  readonly reason: string | null;
  /** Who asked for it. */
  readonly principal: string | null;
  /** When, as ISO 8601. */
  readonly requestedAt: string | null;
  /** Whether users should not be notified of a shutdown during it. */
  readonly isQuiet: boolean;
}

/** The begin of a shutdown. */
export interface Stopping {
  /** The signal that asked for it; `null` if the program closes the gate itself. */
  readonly signal: NodeJS.Signals | null;
  /** Whether a quiet drain is in force: do not notify users. */
  readonly isQuiet: boolean;
  /** The sessions with a turn in flight, each once. */
  readonly sessions: readonly string[];
  /** How long these turns may still take, in seconds. */
  readonly graceSeconds: number;
}

/** Called at changes. None is waited for longer than a second; what they throw is logged. */
export interface Hooks {
  /** A drain is in force; also after a start during a drain. */
  draining?(drain: Drain): void | Promise<void>;
  /** A drain has ended: cancelled, expired or void. */
  back?(): void | Promise<void>;
  /** The server stops. Its turns in flight still have their grace period. */
  stopping?(stopping: Stopping): void | Promise<void>;
}

export interface GateOptions {
  /**
   * The directory with the marker and the published state; it must exist. The dashboard and drainctl look at the same one.
   * Default: HERMES_HOME, or `.hermes` in the home of the user.
   */
  readonly home?: string;
  /** The version of your server, for the dashboard. Default: empty. */
  readonly version?: string;
  /** How long a shutdown waits for turns in flight, in seconds. Default: 60. */
  readonly graceSeconds?: number;
  /** How long a turn may take, in seconds, for the dashboard; you enforce it. Default: 3600. */
  readonly turnTimeoutSeconds?: number;
  /** After how long without progress the dashboard shows a turn as stalled, in seconds. Default: 300. */
  readonly stallAfterSeconds?: number;
  /**
   * Whether SIGTERM, SIGINT, SIGHUP and SIGQUIT shut the gate down and then end the process by that signal; a second one
   * skips the grace period (SIGTERM and SIGHUP: only 2 s after the first, because supervisors repeat them). Default: true. With `false`, call {@link Gate.close} yourself.
   */
  readonly handleSignals?: boolean;
  /** Closes your server, after its turns have ended. Waited for at most 5 s. */
  readonly onClose?: () => void | Promise<void>;
  readonly hooks?: Hooks;
  /** Default: warnings, errors and changes of the state, as lines of JSON on stderr. */
  readonly log?: Log;
}

/** A turn that wants to start: a message, a request, a job. */
export interface TurnRequest {
  /** The conversation, user or queue that it belongs to; operators see it. */
  readonly session: string;
  /**
   * `external`: requested from outside. `internal`: part of work that was admitted before; a drain does not
   * refuse it. Default: external.
   */
  readonly kind?: 'external' | 'internal';
  /** Shown to operators. Default: a new one. */
  readonly id?: string;
}

/** Why a turn may not start, and what to answer. */
export interface Refusal {
  readonly reason: 'starting' | 'draining' | 'stopping' | 'storage-unavailable';
  /** A sentence for the person who waits. */
  readonly message: string;
  /** The status of an HTTP answer. */
  readonly status: 503;
  /** Seconds until a retry makes sense, for the header `Retry-After`. */
  readonly retryAfter: number;
}

/** Permission to run one turn. Release it when the last byte of its answer is sent, or its client is gone. */
export interface Permit extends Disposable {
  readonly id: string;
  readonly session: string;
  /** Aborts when the turn must end at once: its client is gone, or the grace period of a shutdown is over or was skipped. */
  readonly signal: AbortSignal;
  /** The turn makes progress; operators see turns that do not. */
  progress(): void;
  /** The turn has ended. Idempotent. */
  release(): void;
  /** Its client is gone: aborts `signal`, and releases. Without effect after a release. */
  abandon(): void;
}

export type Admission =
  | { readonly admitted: true; readonly permit: Permit }
  | { readonly admitted: false; readonly refusal: Refusal };

/** The answer of a probe. */
export interface ProbeAnswer {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The gate of a server: the one place where turns are admitted, refused and counted. */
export interface Gate extends AsyncDisposable {
  /** One of `starting`, `running`, `draining`, `stopping`, `stopped`, `startup_failed`. */
  readonly state: string;
  /** Turns in flight. */
  readonly active: number;
  /** The drain in force, read now. */
  readonly drain: Drain | null;
  /**
   * Base URL of your server, for the dashboard. Set it when your server listens: a supervisor that waits for that is
   * told, too (`HERMES_NOTIFY_FD`).
   */
  endpoint: string | null;
  /**
   * Asks for a turn to start. Reads the marker itself: no external turn is admitted after a request to begin a drain
   * was answered. @throws TypeError if the session is not a text of 1 to 1024 characters, or the like.
   */
  admit(turn: TurnRequest): Admission;
  /** For `/livez`: the process answers. */
  liveness(): ProbeAnswer;
  /** For `/readyz`: whether a load balancer should send new turns here. Never 200 while turns are refused. */
  readiness(): ProbeAnswer;
  /** Resolves when no turn is in flight. @throws Error that names the sessions in flight, when `signal` aborts first. */
  whenIdle(signal: AbortSignal): Promise<void>;
  /** Resolves when all changes so far are published. */
  published(): Promise<void>;
  /**
   * Refuses new turns, gives those in flight their grace period, aborts the rest, calls `onClose`, and publishes the end.
   * Idempotent. Never rejects.
   */
  close(): Promise<void>;
}
