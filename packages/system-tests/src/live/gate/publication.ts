import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';
import { type GatewayStateView, gatewayStatePath, readGatewayState } from '@hermes/drain-contract';

/** Against hanging. */
const TIMEOUT_MS = 30_000;

/** A state of the gateway as a reader of its file saw it. */
export interface Publication {
  readonly state: GatewayStateView;
  /** When, by `performance.now()`. */
  readonly at: number;
}

/** Waits until the gateway of `home` publishes a state like that. Looks at once, and at each change of the file. */
export function published(home: string, like: (state: GatewayStateView) => boolean): Promise<Publication> {
  return new Promise((resolve, reject) => {
    let watcher: FSWatcher | undefined;
    const end = () => {
      clearTimeout(timer);
      watcher?.close();
    };
    const timer = setTimeout(() => {
      end();
      reject(
        new Error(`not published within ${TIMEOUT_MS / 1000} s; last: ${JSON.stringify(readGatewayState({ home }))}`),
      );
    }, TIMEOUT_MS);
    const look = () => {
      const state = readGatewayState({ home });
      if (state === undefined || !like(state)) return;
      end();
      resolve({ state, at: performance.now() });
    };
    const name = basename(gatewayStatePath({ home }));
    watcher = watch(home, (_event, changed) => {
      if (changed === name) look();
    });
    look();
  });
}
