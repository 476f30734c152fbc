import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  ContractError,
  clearDrainRequest,
  type DrainObservation,
  drainNotificationSuppressed,
  drainRequestPath,
  formatIsoDateTime,
  gatewayStatePath,
  isSafeToStop,
  observeGateway,
  publishedIdentity,
  readDrainVerdict,
  writeDrainRequest,
} from '@hermes/drain-contract';
import type { Permit } from '@hermes/gateway/build/gate/gate.js';
import { Gateway } from '@hermes/gateway/build/gateway.js';
import { SqliteJournal } from '@hermes/gateway/build/journal/sqlite/sqlite-journal.js';
import { vi } from 'vitest';
import type { Model } from './model.ts';
import type { Action, ForeignFields, Obstacle } from './model-actions.ts';

const ANOTHER_ID = '01890000-0000-7000-8000-000000000000';
const EXIT = { at: '', signal: null, code: 0, reason: 'test', interrupted: 0 };
/** The id of the drain that a gateway has answered. */
function idOf(drain: DrainObservation | null | undefined): string | null {
  const identity = drain ? publishedIdentity(drain) : 'since:';
  return identity.startsWith('since:') ? null : identity;
}

const silent = () => undefined;
const LOG = { info: silent, warn: silent, error: silent } as never;

/** The real gateway and the real writer functions on a real directory, under a clock that stands still. */
export class Rig {
  readonly #home: string;
  readonly #path: string;
  readonly #fifo: string;
  readonly #journal: SqliteJournal;
  #gateway: Gateway;
  #permits: Permit[] = [];
  #backup: Buffer | undefined;
  #alive = true;

  private constructor(home: string, fifo: string, epoch: string) {
    this.#home = home;
    this.#path = drainRequestPath({ home });
    this.#fifo = fifo;
    this.#journal = new SqliteJournal(join(home, 'gateway.db'));
    this.#gateway = this.#newGateway(epoch);
  }

  /** @param home an empty directory. @param fifo a FIFO beside it. */
  static async start(home: string, fifo: string, epoch: string): Promise<Rig> {
    const rig = new Rig(home, fifo, epoch);
    await rig.#open();
    return rig;
  }

  /** Does the action, and lets the gateway look and publish. @param before the model before the action. */
  async take(action: Action, before: Model): Promise<unknown> {
    const found = await this.#act(action, before);
    if (!this.#alive) return found;
    const { gate, lifecycle } = this.#gateway;
    // Somebody at the door makes it look.
    gate.refusal('external');
    const heartbeat = action.do === 'clock' || action.do === 'expire';
    if (heartbeat && lifecycle.state !== 'stopped') await this.#gateway.publish();
    await this.#gateway.published();
    return found;
  }

  /** All that the model tells, as the programs tell it. */
  look(epoch: string) {
    const home = this.#home;
    const { active, reason } = readDrainVerdict({ home, epoch });
    const observed = observeGateway({ home });
    const verdict = readDrainVerdict({ home, epoch: observed.epoch });
    const { gate, lifecycle } = this.#gateway;
    return {
      verdict: [active, reason],
      state: this.#alive ? lifecycle.state : 'dead',
      external: this.#alive && gate.refusal('external') === undefined,
      internal: this.#alive && gate.refusal('internal') === undefined,
      turns: this.#alive ? gate.active : 0,
      answered: idOf(observed.state?.drain),
      suppressed: drainNotificationSuppressed({ home, epoch }),
      safe: isSafeToStop(observed.state, observed.live, verdict, Date.now()),
    };
  }

  /** Ends the gateway as a crash would: what it said last stays. */
  async crash(): Promise<void> {
    const said = readFileSync(gatewayStatePath({ home: this.#home }));
    await this.#gateway.close('closed', EXIT);
    this.#alive = false;
    this.#permits = [];
    writeFileSync(gatewayStatePath({ home: this.#home }), said);
  }

  async close(): Promise<void> {
    await this.crash();
    await this.#journal.close();
  }

  async #act(action: Action, before: Model): Promise<unknown> {
    const home = this.#home;
    switch (action.do) {
      case 'begin': {
        const options = {
          home,
          suppressNotification: action.quiet,
          maxAgeSeconds: action.maxAge,
          leadSeconds: action.lead,
        };
        const id = await writeDrainRequest(options).then((request) => request.request_id, codeOf);
        if (id !== 'failed') {
          // By the clock of the test, as everything else.
          utimesSync(this.#path, Date.now() / 1_000, Date.now() / 1_000);
          this.#backup = readFileSync(this.#path);
        }
        return id;
      }
      case 'cancel': {
        const held = before.marker?.id ?? ANOTHER_ID;
        const requestId = action.only && (action.only === 'another' ? ANOTHER_ID : held);
        return clearDrainRequest({ home, requestId }).catch(codeOf);
      }
      case 'scribble':
        return this.#put(action.fields ? foreignMarker(action.fields) : (action.text ?? ''));
      case 'truncate': {
        if (before.marker?.what !== 'object' && before.marker?.what !== 'corrupt') return undefined;
        const bytes = readFileSync(this.#path);
        return this.#put(bytes.subarray(0, Math.floor(bytes.length * action.part)));
      }
      case 'obstruct':
        rmSync(this.#path, { recursive: true, force: true });
        return this.#obstruct(action.by);
      case 'restore':
        return this.#backup && this.#put(this.#backup);
      case 'clock':
        return void vi.setSystemTime(before.now + action.by);
      case 'expire':
        if (before.marker?.since) vi.setSystemTime(before.marker.since + before.marker.maxAge * 1_000 + action.past);
        return undefined;
      case 'restart':
        if (this.#alive) await this.crash();
        this.#gateway = this.#newGateway(action.epoch ?? before.epoch);
        return this.#open();
      case 'crash':
        return this.#alive ? this.crash() : undefined;
      case 'shutdown':
        return this.#alive ? this.#gateway.stop() : undefined;
      case 'close':
        if (before.gateway === 'stopping') await this.#gateway.close('closed', EXIT);
        return undefined;
      case 'turn': {
        if (!this.#alive) return false;
        const admission = this.#gateway.gate.admit(action.kind, { id: 'turn', session: 's' });
        if (admission.admitted) this.#permits.push(admission.permit);
        return admission.admitted;
      }
      case 'end turn':
        this.#permits.splice(action.which % Math.max(1, this.#permits.length), 1)[0]?.release();
        return undefined;
    }
  }

  #put(bytes: string | Buffer): undefined {
    const spare = join(this.#home, 'spare');
    writeFileSync(spare, bytes);
    const seconds = Date.now() / 1_000;
    utimesSync(spare, seconds, seconds);
    if (statSync(this.#path, { throwIfNoEntry: false })?.isDirectory()) rmSync(this.#path, { recursive: true });
    renameSync(spare, this.#path);
  }

  #obstruct(by: Obstacle): void {
    const target = join(this.#home, 'target');
    if (by === 'directory') mkdirSync(this.#path);
    else if (by === 'fifo') linkSync(this.#fifo, this.#path);
    else
      writeFileSync(
        by === 'symlink' ? target : this.#path,
        foreignMarker({ epoch: '', dated: true, quiet: [true, true] }),
      );
    if (by === 'symlink') symlinkSync(target, this.#path);
    if (by === 'forbidden') chmodSync(this.#path, 0);
  }

  #newGateway(epoch: string): Gateway {
    const times = { startedAt: Date.now(), restartDrainTimeout: 30, stopTimeout: 51, turnTimeout: 60, stallAfter: 300 };
    return new Gateway({
      home: this.#home,
      identity: { pid: process.pid, epoch, version: '0', ...times },
      agent: { name: 'none' } as never,
      journal: this.#journal,
      channels: [],
      onDrain: 'refuse',
      log: LOG,
    });
  }

  async #open(): Promise<void> {
    this.#alive = true;
    await this.#gateway.open();
    await this.#gateway.published();
  }
}

function foreignMarker({ epoch, dated, quiet }: ForeignFields): string {
  const requested_at = dated ? formatIsoDateTime(Date.now()).replace('+00:00', '') : undefined;
  return JSON.stringify({ action: 'drain', requested_at, principal: 'nas', epoch, suppress_notification: quiet[0] });
}

function codeOf(error: unknown): string {
  if (!(error instanceof ContractError)) throw error;
  return error.code === 'request_mismatch' ? error.code : 'failed';
}
