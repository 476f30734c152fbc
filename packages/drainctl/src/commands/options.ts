import type { Format } from '../output/reporter.ts';

export type OnDeadline = 'hold' | 'cancel' | 'interrupt';
export type OnStalled = 'fail' | 'wait';

/** The options of every command that talks to the dashboard. Durations are in ms here and below. */
export interface CommonOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly profile: string;
  readonly output: Format;
}

/** The options of commands that follow a profile. */
export interface FollowOptions extends CommonOptions {
  readonly heartbeat: number;
  readonly retryFor: number;
}

/** The options of commands that wait for a drain. */
export interface WaitingOptions extends FollowOptions {
  readonly deadline?: number;
  readonly onDeadline: OnDeadline;
  readonly onStalled?: OnStalled;
  readonly exceptOwnTurn?: boolean;
}

/** The options of commands that make a request. */
export interface RequestOptions {
  readonly reason?: string;
  readonly quiet?: boolean;
  readonly maxAge?: number;
  readonly lead?: number;
  readonly requestId?: string;
}

export type BeginCommandOptions = WaitingOptions &
  RequestOptions & { readonly wait?: boolean; readonly join?: boolean };
export type WaitCommandOptions = WaitingOptions & { readonly request?: string; readonly keepAlive?: boolean };
export type CancelCommandOptions = CommonOptions & { readonly request?: string };
export type ExtendCommandOptions = CommonOptions & { readonly request?: string; readonly maxAge?: number };
export type StatusCommandOptions = CommonOptions & { readonly all?: boolean };
export type RestartCommandOptions = FollowOptions & {
  readonly force?: boolean;
  readonly keepDrain?: boolean;
  readonly reason?: string;
  readonly wait: boolean;
  readonly deadline?: number;
};
export type HistoryCommandOptions = CommonOptions & {
  readonly limit: number;
  readonly verify?: boolean;
  readonly all?: boolean;
};
export type RunCommandOptions = WaitingOptions &
  RequestOptions & { readonly onSuccess: 'hold' | 'cancel'; readonly onFailure: 'hold' | 'cancel' };
