import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { drives } from '../platforms/drives.ts';

drives('prometheus', 'every alert fires and resolves, on series made for it', { promtool: 'promtool --version' });

const RULES = fileURLToPath(new URL('../../../../deploy/prometheus/alerts.yaml', import.meta.url));
const noPromtool = lacking('promtool (Debian: prometheus)', runs('promtool', '--version'));

/** The metrics of a trouble, as promtool writes a value a minute: an hour of it, then what follows. */
interface Trouble {
  readonly series: Readonly<Record<string, readonly [during: string, after: string]>>;
  /** After how many minutes the alert must fire. */
  readonly fires: number;
}

const ONE = ['1x59', '0x59'] as const;
const GONE = ['0x59', '1x59'] as const;
/** So many more in each minute, and then none. */
const counted = (count: number) => [`0+${count}x59`, `${count * 59}x59`] as const;

const TROUBLES: Readonly<Record<string, Trouble>> = {
  HermesGatewayDown: {
    series: {
      'hermes_gateway_desired_running{profile="a"}': ['1x59', '1x59'],
      'hermes_gateway_live{profile="a"}': GONE,
    },
    fires: 3,
  },
  HermesGatewayFrozen: {
    series: {
      'hermes_gateway_live{profile="a"}': GONE,
      'hermes_profile_gateway_state{profile="a",state="running"}': ['1x59', '1x59'],
    },
    fires: 3,
  },
  HermesDrainTakesLong: {
    series: {
      'hermes_drain_active{profile="a"}': ONE,
      'hermes_gateway_safe_to_stop{profile="a"}': ['0x59', '0x59'],
    },
    fires: 31,
  },
  HermesDrainForgotten: { series: { 'hermes_gateway_safe_to_stop{profile="a"}': ONE }, fires: 31 },
  HermesTurnStalled: { series: { 'hermes_profile_turns_stalled{profile="a"}': ONE }, fires: 6 },
  HermesMessagesRefused: {
    series: { 'hermes_messages_refused_total{instance="g",reason="overloaded"}': counted(12) },
    fires: 25,
  },
  HermesKeyGuessed: { series: { 'hermes_wrong_keys_total{instance="g"}': counted(30) }, fires: 11 },
  HermesEventLoopSlow: {
    series: { 'hermes_event_loop_delay_seconds{instance="g",quantile="0.99"}': ONE },
    fires: 11,
  },
  HermesAuditIncomplete: {
    series: { 'hermes_dashboard_audit_lost_total{instance="d",action="drain"}': counted(1) },
    fires: 3,
  },
  HermesAuditBroken: { series: { 'hermes_dashboard_audit_broken{instance="d"}': ONE }, fires: 1 },
  HermesWebhooksFailing: {
    series: { 'hermes_dashboard_webhooks_total{instance="d",result="failed",type="drain.begun"}': counted(1) },
    fires: 3,
  },
  HermesSecretGuessed: { series: { 'hermes_dashboard_wrong_secrets_total{instance="d"}': counted(30) }, fires: 11 },
};

const rules = (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: { alert: string }[] }[] }).groups;
const alerts = rules.flatMap((group) => group.rules.map(({ alert }) => alert));

describe('the alerts of deploy/prometheus', () => {
  test('have a trouble each in this test', () => {
    expect(Object.keys(TROUBLES).sort()).toEqual([...alerts].sort());
  });

  test.skipIf(noPromtool)('are rules that Prometheus loads', () => {
    expect(promtool('check', 'rules', RULES)).toContain(`SUCCESS: ${alerts.length} rules found`);
  });

  test.skipIf(noPromtool).each(alerts)('%s fires in its trouble, and resolves after it', (alert) => {
    const { series, fires } = TROUBLES[alert] as Trouble;
    const firing = (minute: number, count: number) => ({
      expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
      eval_time: `${minute}m`,
      exp_samples: [{ labels: '{}', value: count }],
    });
    const file = join(temporaryDirectory(), 'test.yaml');
    const input = Object.entries(series).map(([name, values]) => ({ series: name, values: values.join(' ') }));
    const asked = [firing(0, fires === 1 ? 1 : 0), firing(fires, 1), firing(59, 1), firing(85, 0)];
    const tests = [{ interval: '1m', input_series: input, promql_expr_test: asked }];
    writeFileSync(file, stringify({ rule_files: [RULES], evaluation_interval: '1m', tests }));
    expect(promtool('test', 'rules', file)).toContain('SUCCESS');
  });
});

/** What it prints; with its complaint where there is one. */
function promtool(...args: string[]): string {
  const { stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8', timeout: 120_000 });
  return stdout + stderr;
}
