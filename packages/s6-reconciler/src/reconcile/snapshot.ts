/** What a profile's desired state file says; `unclear` when there is one that cannot be understood. */
export type DesiredStateSnapshot = 'running' | 'stopped' | 'unclear' | undefined;

/** The data of one profile on the volume. */
export interface ProfileSnapshot {
  readonly kind: 'profile';
  readonly name: string;
  /** The profile's own home. */
  readonly home: string;
  readonly desired: DesiredStateSnapshot;
  /** The last reported state of the gateway. */
  readonly observedState: string | undefined;
  /** The desired state that the reference system kept in the gateway's state file. */
  readonly legacyDesired: string | undefined;
  /** Seconds that the gateway last said it takes at most to stop. */
  readonly stopSeconds: number | undefined;
  /** Why its state file, which is there, says nothing, in words that follow the name of the file. */
  readonly stateProblem?: string;
  /** How its last process ended, as it said. */
  readonly priorExit?: string;
  /** Whether a gateway of the root profile serves it. */
  readonly isServedByRoot?: boolean;
}

/** An entry in the place of a profile that is not a valid profile, and the reason. */
export interface UnusableSnapshot {
  readonly kind: 'unusable';
  readonly name: string;
  readonly reason: string;
}

/** The profiles of a home: the default profile first, the others by name. */
export type Snapshot = ProfileSnapshot | UnusableSnapshot;

/** The state of the scan directory. */
export interface ScandirSnapshot {
  /** Whether an s6-svscan watches it. */
  readonly scanned: boolean;
  /** Names of slots that are there. */
  readonly slots: ReadonlySet<string>;
  /** Names of those that an s6-supervise runs in. */
  readonly supervised: ReadonlySet<string>;
  /** Names of those that run gateways of another home. */
  readonly foreign: ReadonlySet<string>;
  /** Names of those that run gateways of the reference system, and that an s6-supervise runs in. */
  readonly reference: ReadonlySet<string>;
  /** Names of those of this home whose profile was deleted, and which nothing supervises: a `/run` that outlived a boot. */
  readonly orphaned: ReadonlySet<string>;
  /** How many services there are that are not slots of gateways. */
  readonly others: number;
}
