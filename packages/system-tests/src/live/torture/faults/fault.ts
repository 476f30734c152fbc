import { setTimeout as delay } from 'node:timers/promises';
import type { Dashboards } from '../dashboards.ts';
import type { Recorder } from '../recorder.ts';
import type { Rng } from '../rng.ts';
import type { Supervised } from '../supervised.ts';

/** What a fault may lay hands on. */
export interface World {
  /** The home of the gateway, a directory in `volume`. */
  readonly home: string;
  /** A small disk of its own where this user may mount one, else a directory like any other. */
  readonly volume: string;
  readonly port: number;
  readonly gateway: Supervised;
  readonly dashboards: Dashboards;
  /** Reads the log of the gateway. */
  readonly logReader: { readonly pid: number };
  /** Sets the clock that the programs see, in seconds from the true one; does nothing where it cannot be moved. */
  readonly setClock: (seconds: number) => void;
  readonly recorder: Recorder;
  /** Ms that a stop may take before it is a violation. */
  readonly stopBoundMs: number;
  /** Aborts when every fault has to end. */
  readonly storm: AbortSignal;
}

/** Something that goes wrong, and is put right again. */
export interface Fault {
  /** Its parameters, for the report. */
  readonly detail: string;
  /** Resolves when it is over and undone; it is bounded. */
  readonly happen: (world: World) => Promise<void>;
}

/** Draws the parameters of a fault. */
export type FaultMaker = (rng: Rng) => Fault;

/** Waits so long, in ms, or until the storm is over. */
export async function lastFor(milliseconds: number, { storm }: World): Promise<void> {
  await delay(milliseconds, undefined, { signal: storm }).catch(() => undefined);
}

export function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}
