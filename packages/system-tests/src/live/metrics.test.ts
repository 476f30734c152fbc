import { readFile } from 'node:fs/promises';
import { writeDesiredState } from '@hermes/drain-contract';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Testbed } from './testbed.ts';

const DEPLOY = new URL('../../../../deploy/', import.meta.url);

/** What Grafana puts in the place of its variables. */
const VARIABLES = { $__rate_interval: '1m', $profile: '.*' } as const;

describe('Prometheus and Grafana', () => {
  test('every rule and every panel is PromQL, and asks for metrics that the programs expose', async () => {
    const [rules, panels] = [await expressionsOfRules(), await expressionsOfPanels()];
    expect([rules.length, panels.length]).toEqual([12, expect.any(Number)]);
    expect(panels.length).toBeGreaterThan(15);
    const asked = new Set([...rules, ...panels].flatMap(metricsIn));
    await using testbed = await Testbed.start();
    const exposed = new Set([...(await exposedBy(testbed.gateway.url)), ...(await exposedBy(testbed.dashboard.url))]);
    expect([...asked].filter((name) => !exposed.has(name))).toEqual([]);
    expect([...asked].filter((name) => name.startsWith('hermes_dashboard_')).length).toBeGreaterThan(3);
  });

  test('fresh programs have a value for everything that a rule or a panel asks for, with all of its labels', async () => {
    // To Prometheus, a counter that is born at 1 has not increased.
    const expressions = [...(await expressionsOfRules()), ...(await expressionsOfPanels())];
    await using testbed = await Testbed.start();
    await expect.poll(async () => (await testbed.client.status()).body.gateway_state).toBe('running');
    // No figure tells what nobody has said.
    await writeDesiredState('running', { home: testbed.home });
    const samples = [...(await samplesOf(testbed.gateway.url)), ...(await samplesOf(testbed.dashboard.url))];
    for (const expression of expressions) {
      for (const wanted of selectorsIn(expression)) {
        const found = samples.filter((sample) => isSelected(sample, wanted));
        expect(found.length, `${wanted.name} ${JSON.stringify(wanted.matchers)} of ${expression}`).toBeGreaterThan(0);
        for (const label of groupingsIn(expression)) {
          expect(
            found.some(({ labels }) => label in labels),
            `${label} of ${expression}`,
          ).toBe(true);
        }
      }
    }
  });

  test('fresh programs have every counter with every value of its labels at 0', async () => {
    await using testbed = await Testbed.start();
    const samples = [...(await samplesOf(testbed.gateway.url)), ...(await samplesOf(testbed.dashboard.url))];
    const valuesOf = (name: string, label: string) => [
      ...new Set(samples.flatMap((sample) => (sample.name === name ? [sample.labels[label]] : []))),
    ];
    const reasons = ['draining', 'overloaded', 'starting', 'stopping', 'storage-unavailable', 'unstored'];
    expect(valuesOf('hermes_messages_refused_total', 'reason').sort()).toEqual(reasons);
    expect(valuesOf('hermes_messages_accepted_total', 'how').sort()).toEqual(['new', 'queued', 'repeated']);
    expect(valuesOf('hermes_turn_duration_seconds_count', 'status').sort()).toEqual(['done', 'failed', 'interrupted']);
    expect(valuesOf('hermes_dashboard_webhooks_total', 'result').sort()).toEqual(['failed', 'sent']);
    expect(valuesOf('hermes_dashboard_webhooks_total', 'type')).toHaveLength(5);
    expect(valuesOf('hermes_dashboard_audit_lost_total', 'action').sort()).toEqual(['cancel', 'drain', 'restart']);
    expect(samples.filter(({ name, value }) => /_(total|count)$/.test(name) && value !== 0)).toEqual([]);
  });

  test('guessed secrets are counted, on every route', async () => {
    await using testbed = await Testbed.start({ config: `api_server: { key: ${'k'.repeat(43)} }\n` });
    const guess = { headers: { authorization: 'Bearer guessed' } };
    for (const path of ['/v1/models', '/metrics']) await fetch(testbed.gateway.url + path, guess);
    for (const path of ['/api/status', '/api/events', '/api/audit']) await fetch(testbed.dashboard.url + path, guess);
    const own = { headers: { authorization: `Bearer ${'k'.repeat(43)}` } };
    const figures = await (await fetch(`${testbed.gateway.url}/metrics`, own)).text();
    expect(figures).toContain('\nhermes_wrong_keys_total 2\n');
    expect((await samplesOf(testbed.dashboard.url)).find(({ name }) => name.includes('wrong_secrets'))?.value).toBe(3);
  });

  test.each(['hermes_up +', 'sum(hermes_up', 'rate(hermes_up[5 parsecs])'])(
    '%j would not pass for PromQL',
    (expression) => {
      expect(() => metricsIn(expression)).toThrow('not PromQL');
    },
  );
});

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

async function expressionsOfRules(): Promise<string[]> {
  const { groups } = parse(await readFile(new URL('prometheus/alerts.yaml', DEPLOY), 'utf8')) as Rules;
  return groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
}

interface Panels {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

async function expressionsOfPanels(): Promise<string[]> {
  const { panels } = JSON.parse(await readFile(new URL('grafana/hermes-drain.json', DEPLOY), 'utf8')) as Panels;
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

/** The names of the metrics in a PromQL expression; of a histogram, its own. @throws Error if it is none. */
function metricsIn(expression: string): string[] {
  const text = Object.entries(VARIABLES).reduce((known, [name, value]) => known.replaceAll(name, value), expression);
  const names: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${text}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(text.slice(from, to));
    },
  });
  if (names.length === 0) throw new Error(`not PromQL, it asks for nothing: ${text}`);
  return names.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
}

async function exposedBy(url: string): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

async function samplesOf(url: string): Promise<Sample[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^(hermes_\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label, text])),
    value: Number(value),
  }));
}

interface Selector {
  readonly name: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

function selectorsIn(expression: string): Selector[] {
  const text = Object.entries(VARIABLES).reduce((known, [name, value]) => known.replaceAll(name, value), expression);
  const selectors: Selector[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.name !== 'VectorSelector') return;
      const [, name = '', inside = ''] = /^(\w+)\s*(?:\{([\s\S]*)\})?/.exec(text.slice(from, to)) ?? [];
      const matchers = [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(
        ([, label = '', operator = '', value = '']) => ({ label, operator, value }),
      );
      selectors.push({ name, matchers });
    },
  });
  return selectors;
}

function isSelected({ name, labels }: Sample, wanted: Selector): boolean {
  if (name !== wanted.name) return false;
  return wanted.matchers.every(({ label, operator, value }) => {
    const found = labels[label] ?? '';
    const equal = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value;
    return operator.startsWith('!') ? !equal : equal;
  });
}

/** The labels by which it groups, but those that Prometheus itself gives. */
function groupingsIn(expression: string): string[] {
  const groups = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
  return groups.filter((label) => label !== 'instance');
}
