/** What a profile's desired state file says; `unclear` when there is one that cannot be understood. */
export type DesiredStateSnapshot = 'running' | 'stopped' | 'unclear' | undefined;

/** What the volume says about one profile. */
export interface ProfileSnapshot {
  readonly kind: 'profile';
  readonly name: string;
  /** The profile's own home. */
  readonly home: string;
  readonly desired: DesiredStateSnapshot;
  /** What the gateway last said it is. */
  readonly observedState: string | undefined;
  /** The desired state that the reference system kept in the gateway's state file. */
  readonly legacyDesired: string | undefined;
  /** Seconds that the gateway last said it takes at most to stop. */
  readonly stopSeconds: number | undefined;
}

/** Something in the place of a profile that is none, and why. */
export interface UnusableSnapshot {
  readonly kind: 'unusable';
  readonly name: string;
  readonly reason: string;
}

/** What one look at a home found: the default profile first, the others by name. */
export type Snapshot = ProfileSnapshot | UnusableSnapshot;

/** What one look at the scan directory found. */
export interface ScandirSnapshot {
  /** Whether an s6-svscan watches it. */
  readonly scanned: boolean;
  /** Names of slots that are there. */
  readonly slots: ReadonlySet<string>;
  /** Names of those that an s6-supervise runs in. */
  readonly supervised: ReadonlySet<string>;
  /** Names of those that run gateways of another home. */
  readonly foreign: ReadonlySet<string>;
  /** How many services there are that are not slots of gateways. */
  readonly others: number;
}
