import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { drives } from '../platforms/drives.ts';
import { freePort } from './container/volume.ts';
import { Testbed } from './testbed.ts';

drives('prometheus', 'scrapes both programs and loads the rules; the alert of a forgotten drain fires and resolves', {
  Prometheus: 'prometheus --version',
});

const RULES = fileURLToPath(new URL('../../../../deploy/prometheus/alerts.yaml', import.meta.url));
const noPrometheus = lacking('prometheus (Debian: prometheus)', runs('prometheus', '--version'));

interface Rule {
  readonly alert: string;
  readonly for?: string;
}
interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

describe.skipIf(noPrometheus)("Debian's prometheus", () => {
  test('loads the rules, scrapes both programs, and an alert fires in a forgotten drain and resolves after it', async () => {
    await using testbed = await Testbed.start();
    await using prometheus = await Prometheus.start([testbed.gateway.url, testbed.dashboard.url]);
    await expect.poll(() => prometheus.health()).toEqual(['up', 'up']);
    const { groups } = parse(readFileSync(RULES, 'utf8')) as Rules;
    expect((await prometheus.rules()).sort()).toEqual(
      groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)).sort(),
    );
    expect(await prometheus.firing()).toEqual([]);
    await testbed.client.beginDrain();
    await expect.poll(() => prometheus.firing()).toEqual(['HermesDrainForgotten']);
    await testbed.client.cancelDrain();
    await expect.poll(() => prometheus.firing()).toEqual([]);
  });
});

/** A Prometheus that looks every 200 ms, with the rules as they are but for how long a trouble must last. */
class Prometheus implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #url: string;

  private constructor(child: ChildProcess, directory: string, url: string) {
    this.#child = child;
    this.#directory = directory;
    this.#url = url;
  }

  static async start(targets: readonly string[]): Promise<Prometheus> {
    const directory = mkdtempSync(join(tmpdir(), 'hermes-prometheus-'));
    const { groups } = parse(readFileSync(RULES, 'utf8')) as Rules;
    const impatient = groups.map((group) => ({ ...group, rules: group.rules.map((rule) => ({ ...rule, for: '0s' })) }));
    writeFileSync(join(directory, 'alerts.yaml'), stringify({ groups: impatient }));
    const configuration = {
      global: { scrape_interval: '200ms', scrape_timeout: '200ms', evaluation_interval: '200ms' },
      rule_files: ['alerts.yaml'],
      scrape_configs: [{ job_name: 'hermes', static_configs: [{ targets: targets.map((url) => new URL(url).host) }] }],
    };
    writeFileSync(join(directory, 'prometheus.yml'), stringify(configuration));
    const address = `127.0.0.1:${await freePort()}`;
    const flags = [`--storage.tsdb.path=${directory}/data`, `--web.listen-address=${address}`, '--log.level=error'];
    const child = spawn('prometheus', [`--config.file=${directory}/prometheus.yml`, ...flags], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const prometheus = new Prometheus(child, directory, `http://${address}`);
    const isReady = () =>
      fetch(`http://${address}/-/ready`)
        .then(({ ok }) => ok)
        .catch(() => false);
    try {
      await expect.poll(isReady).toBe(true);
      return prometheus;
    } catch (error) {
      await prometheus[Symbol.asyncDispose]();
      throw error;
    }
  }

  async health(): Promise<string[]> {
    const { activeTargets } = await this.#ask<{ activeTargets: { health: string }[] }>('targets');
    return activeTargets.map(({ health }) => health);
  }

  async rules(): Promise<string[]> {
    const { groups } = await this.#ask<{ groups: { rules: { name: string }[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules.map(({ name }) => name));
  }

  /** The names of the alerts that fire. */
  async firing(): Promise<string[]> {
    const { alerts } = await this.#ask<{ alerts: { state: string; labels: { alertname: string } }[] }>('alerts');
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
  }

  async #ask<T>(what: string): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${what}`);
    return ((await response.json()) as { data: T }).data;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
