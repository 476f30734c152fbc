import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DrainVerdict,
  desiredStatePath,
  drainRequestPath,
  type GatewayStateView,
  gatewayStatePath,
  isGatewayLive,
  isSafeToStop,
  observeGateway,
  readDesiredState,
  readDrainVerdict,
  readGatewayState,
} from '@hermes/drain-contract';
import type { MarkerMeaning, Meanings, Recorded, StateMeaning } from './release.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Keeps files as they are at an instant, and what they mean to the library of this checkout. */
export class Recorder {
  readonly #directory: string;
  readonly #markers: Mutable<Meanings['markers']> = {};
  readonly #states: Record<string, Recorded & { readonly live: boolean; readonly view: GatewayStateView }> = {};
  readonly #intents: Mutable<Meanings['intents']> = {};

  constructor(directory: string) {
    this.#directory = directory;
  }

  marker(name: string, home: string): void {
    const now = Date.now();
    const { epoch } = observeGateway({ home, now });
    this.#keep('markers', name, drainRequestPath({ home }));
    this.#markers[name] = { now, epoch, verdict: readDrainVerdict({ home, epoch, now }) };
  }

  state(name: string, home: string): GatewayStateView {
    const now = Date.now();
    this.#keep('states', name, gatewayStatePath({ home }));
    const view = readGatewayState({ home });
    if (!view) throw new Error(`no state to record as ${name}`);
    this.#states[name] = { now, live: isGatewayLive(view, now), view };
    return view;
  }

  intent(name: string, home: string): void {
    this.#keep('intents', name, desiredStatePath({ home }));
    this.#intents[name] = { now: Date.now(), intent: readDesiredState({ home }) ?? null };
  }

  meanings(): Meanings {
    const states = Object.entries(this.#states).map(([name, state]) => [
      name,
      { ...state, safe_to_stop: this.#safety(state) },
    ]);
    return { markers: this.#markers, states: Object.fromEntries(states), intents: this.#intents };
  }

  #safety({ view, live, now }: Omit<StateMeaning, 'safe_to_stop'> & Recorded): Record<string, boolean> {
    const judged = ([name, { verdict }]: [string, MarkerMeaning]): [string, boolean] => [name, safe(verdict)];
    const safe = (verdict: DrainVerdict) => isSafeToStop(view, live, verdict, now);
    return Object.fromEntries(Object.entries(this.#markers).map(judged));
  }

  #keep(folder: string, name: string, path: string): void {
    copyFileSync(path, join(this.#directory, folder, `${name}.json`));
  }
}
