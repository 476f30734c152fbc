import { readFile } from 'node:fs/promises';
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
    expect([rules.length, panels.length]).toEqual([10, expect.any(Number)]);
    expect(panels.length).toBeGreaterThan(15);
    const asked = new Set([...rules, ...panels].flatMap(metricsIn));
    await using testbed = await Testbed.start();
    const exposed = new Set([...(await exposedBy(testbed.gateway.url)), ...(await exposedBy(testbed.dashboard.url))]);
    expect([...asked].filter((name) => !exposed.has(name))).toEqual([]);
    expect([...asked].filter((name) => name.startsWith('hermes_dashboard_')).length).toBeGreaterThan(3);
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
