import { rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { desiredStatePath, drainRequestPath, gatewayStatePath, MAX_AGE_SECONDS } from '@hermes/drain-contract';
import type { Stage } from '../stage.ts';
import { untilAccepting } from '../until.ts';
import type { DrainWindow } from './evidence.ts';

/** A drain that is forgotten ends by itself after this, in seconds. */
const FORGOTTEN_SECONDS = 3;

/** What no reader takes for a JSON object. */
const GARBAGE = ['', '{', '{"action":"dr', '[]', 'null', '\0\0\0\0', 'x'.repeat(70_000)];

type Random = () => number;

/** Somebody who drains, cancels, restarts, kills and damages, and writes down when no turn may start. */
export class Operator {
  readonly drains: DrainWindow[] = [];
  /** By how much a forgotten drain outlived its age until messages were taken again, in ms. */
  readonly overstays: number[] = [];
  readonly #stage: Stage;
  readonly #random: Random;

  constructor(stage: Stage, random: Random) {
    this.#stage = stage;
    this.#random = random;
  }

  async drainAndCancel(): Promise<void> {
    const from = await this.#begin();
    await this.#linger();
    if (this.#random() < 0.5) await (await this.#stage.client()).untilDrained(2);
    await this.#cancel(from);
  }

  async drainAndForget(): Promise<void> {
    const client = await this.#stage.client();
    const { body } = await client.beginDrain({ max_age_seconds: FORGOTTEN_SECONDS, reason: 'soak' });
    const from = Date.now();
    await this.#untilExpired(from, Date.parse(String(body.requested_at)) + FORGOTTEN_SECONDS * 1_000);
  }

  async drainAndCrash(): Promise<void> {
    const from = await this.#begin();
    await this.crash();
    await this.#linger();
    await this.#cancel(from);
  }

  async drainAndRestart(): Promise<void> {
    const from = await this.#begin();
    await (await this.#stage.client()).untilDrained(2);
    this.#close(from);
    await this.restart();
  }

  async crash(): Promise<void> {
    const started = this.#stage.state?.started_at;
    await this.#stage.killGateway();
    await this.#stage.published(
      (state) =>
        state.started_at !== started && (state.gateway_state === 'running' || state.gateway_state === 'draining'),
    );
  }

  async restart(): Promise<void> {
    await this.#stage.container.restart();
    await this.#stage.untilUp();
  }

  /** Sometimes with a begin-drain on its way: who does not hear the answer knows nothing. */
  async cutThePower(): Promise<void> {
    const client = await this.#stage.client();
    const asking = this.#random() < 0.5 ? client.beginDrain().catch(() => undefined) : undefined;
    await delay(this.#random() * 50);
    await this.#stage.container.pullThePlug();
    await asking;
    await this.#stage.container.start();
    await this.#stage.untilUp();
  }

  /** The gateway mends it at its next heartbeat; until then nobody may be told that it is safe to stop. */
  async damageState(): Promise<void> {
    await writeFile(gatewayStatePath({ home: this.#stage.home }), this.#garbage());
    const status = await (await this.#stage.client()).status();
    if (status.status !== 200 || status.body.safe_to_stop !== false)
      throw new Error(`a damaged state file: expected a falsy status, found ${JSON.stringify(status.body)}`);
    await this.#stage.published((state) => state.gateway_state === 'running');
  }

  /** A marker that nobody understands drains: until it is cancelled, or too old. */
  async damageMarker(): Promise<void> {
    const marker = drainRequestPath({ home: this.#stage.home });
    const draft = join(this.#stage.home, '.draft');
    await writeFile(draft, this.#garbage());
    const expires = Date.now() + FORGOTTEN_SECONDS * 1_000;
    const age = new Date(expires - MAX_AGE_SECONDS.default * 1_000);
    await utimes(draft, age, age);
    await rename(draft, marker);
    const from = Date.now();
    if (this.#random() < 0.5) return this.#untilExpired(from, expires);
    await this.#linger();
    await this.#cancel(from);
  }

  /** Without the intent, the power cut leaves what the gateway last said: that it ran. */
  async damageIntent(): Promise<void> {
    await writeFile(desiredStatePath({ home: this.#stage.home }), this.#garbage());
    await this.cutThePower();
    const started = await this.#stage.container.exec(['hermes-s6', 'start', 'default']);
    if (started.code !== 0) throw new Error(`hermes-s6 start: ${started.stderr}`);
  }

  /** @returns when the begin-drain was answered. Unix ms. */
  async #begin(): Promise<number> {
    const begun = await (await this.#stage.client()).beginDrain({ reason: 'soak' });
    const from = Date.now();
    if (begun.status !== 200) throw new Error(`begin-drain: expected 200, found ${begun.status}`);
    return from;
  }

  async #cancel(from: number): Promise<void> {
    this.#close(from);
    const cancelled = await (await this.#stage.client()).cancelDrain();
    if (cancelled.status !== 200) throw new Error(`cancel: expected 200, found ${cancelled.status}`);
    await untilAccepting(this.#stage.url);
  }

  async #untilExpired(from: number, expires: number): Promise<void> {
    this.drains.push({ from, to: expires });
    await delay(Math.max(0, expires - Date.now()));
    await untilAccepting(this.#stage.url);
    this.overstays.push(Math.max(0, Date.now() - expires));
  }

  #close(from: number): void {
    this.drains.push({ from, to: Date.now() });
  }

  #linger(): Promise<void> {
    return delay(200 + this.#random() * 800);
  }

  #garbage(): string {
    return GARBAGE[Math.floor(this.#random() * GARBAGE.length)] ?? '';
  }
}
