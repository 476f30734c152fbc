import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { auditPath } from '@hermes/drain-audit';
import {
  clearDrainRequest,
  formatIsoDateTime,
  gatewayStatePath,
  processStartTime,
  writeDrainRequest,
  writeGatewayState,
} from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, test, vi } from 'vitest';
import { AUTHORIZED, type TestDashboard, testDashboard } from '../testing/dashboard.ts';
import { followEvents } from '../testing/events.ts';
import { answerDrain, gatewayState, turnInFlight } from '../testing/gateway.ts';
import { addProfile } from '../testing/home.ts';

const DRAIN = '/api/gateway/drain';

async function metricsOf({ app }: Pick<TestDashboard, 'app'>): Promise<string> {
  const response = await app.inject({ url: '/metrics' });
  expect([response.statusCode, response.headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
  return response.body;
}

test('shows the state of every gateway without a secret, and omits unknown values', async () => {
  const dashboard = await testDashboard();
  const { home } = dashboard;
  const mail = addProfile(home, 'mail');
  const state = gatewayState({ active_agents: 2, active_work: [{ ...turnInFlight('1'), stalled: true }] });
  await writeGatewayState({ ...state, ...{ queued_turns: 3, refused_turns: 4 } }, { home });
  await writeDrainRequest({ home: mail });
  await answerDrain(mail);
  // As an older gateway says it, which does not know of these figures.
  const older = JSON.parse(readFileSync(gatewayStatePath({ home: mail }), 'utf8'));
  writeFileSync(
    gatewayStatePath({ home: mail }),
    JSON.stringify({ ...older, queued_turns: undefined, refused_turns: undefined }),
  );
  const text = await metricsOf(dashboard);
  for (const line of [
    'hermes_profile_gateway_state{profile="default",state="running"} 1',
    'hermes_profile_gateway_state{profile="default",state="draining"} 0',
    'hermes_profile_gateway_state{profile="mail",state="draining"} 1',
    'hermes_gateway_live{profile="default"} 1',
    'hermes_drain_active{profile="default"} 0',
    'hermes_drain_active{profile="mail"} 1',
    'hermes_profile_turns_in_flight{profile="default"} 2',
    'hermes_profile_turns_queued{profile="default"} 3',
    'hermes_profile_turns_refused{profile="default"} 4',
    'hermes_profile_turns_stalled{profile="default"} 1',
    'hermes_gateway_safe_to_stop{profile="default"} 0',
    'hermes_gateway_safe_to_stop{profile="mail"} 1',
    'hermes_dashboard_event_readers 0',
    'hermes_drain_duration_seconds_count 0',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).not.toContain('hermes_profile_turns_queued{profile="mail"}');
});

test('a gateway without a heartbeat is not live, whatever state it was in, and one that cannot be looked at has no figure', async () => {
  const dashboard = await testDashboard();
  const [frozen, unknown] = [addProfile(dashboard.home, 'frozen'), addProfile(dashboard.home, 'unknown')];
  const old = { updated_at: formatIsoDateTime(Date.now() - 60_000), start_time: processStartTime() ?? 0 };
  await writeGatewayState(gatewayState(old), { home: frozen });
  await writeGatewayState(gatewayState({ ...old, epoch: 'of another container' }), { home: unknown });
  const lines = (await metricsOf(dashboard)).split('\n');
  expect(lines).toContain('hermes_profile_gateway_state{profile="frozen",state="running"} 1');
  expect(lines.filter((line) => line.startsWith('hermes_gateway_live{'))).toEqual([
    'hermes_gateway_live{profile="frozen"} 0',
  ]);
});

test('counts the requests that want a change, and what the audit took of them', async () => {
  const dashboard = await testDashboard();
  const { app, ask, home } = dashboard;
  await ask({ method: 'POST', url: DRAIN });
  await ask({ method: 'POST', url: DRAIN, payload: { action: 'cancel' } });
  await ask({ method: 'POST', url: DRAIN, payload: '{' });
  await ask({ method: 'POST', url: '/api/gateway/restart' });
  await app.inject({ method: 'DELETE', url: DRAIN });
  const lines = (await metricsOf(dashboard)).split('\n');
  for (const line of [
    'hermes_dashboard_requests_total{action="drain",result="ok"} 1',
    'hermes_dashboard_requests_total{action="cancel",result="ok"} 1',
    'hermes_dashboard_requests_total{action="drain",result="refused"} 1',
    'hermes_dashboard_requests_total{action="restart",result="failed"} 1',
    'hermes_dashboard_requests_total{action="cancel",result="unauthorized"} 1',
    'hermes_dashboard_audit_entries_total{action="drain",result="ok"} 1',
    'hermes_dashboard_audit_entries_total{action="restart",result="failed"} 1',
  ]) {
    expect(lines).toContain(line);
  }
  expect(lines).toContain('hermes_dashboard_audit_entries_total{action="cancel",result="refused"} 0');
  const full = await testDashboard();
  mkdirSync(auditPath(full.home), { recursive: true });
  await full.ask({ method: 'POST', url: DRAIN, headers: AUTHORIZED });
  expect(await metricsOf(full)).toContain('hermes_dashboard_audit_lost_total{action="drain"} 1');
  expect(home).not.toBe(full.home);
});

test('measures each drain once, and counts who follows the events', async () => {
  const dashboard = await testDashboard();
  const { home, listen, services } = dashboard;
  await followEvents(await listen());
  await writeDrainRequest({ home });
  await answerDrain(home, 1);
  await eventually(() => expect(services.volume.views()[0]?.gateway_state).toBe('draining'));
  await answerDrain(home);
  await eventually(async () => {
    const text = await metricsOf(dashboard);
    expect(text).toContain('hermes_drain_duration_seconds_count 1');
    expect(text).toContain('hermes_dashboard_event_readers 1');
  });
  await clearDrainRequest({ home });
  await eventually(async () =>
    expect(await metricsOf(dashboard)).toContain('hermes_drain_active{profile="default"} 0'),
  );
  expect(await metricsOf(dashboard)).toContain('hermes_drain_duration_seconds_count 1');
});

test('many scrapes at once read the files once', async () => {
  const dashboard = await testDashboard();
  const read = vi.spyOn(dashboard.services.profiles, 'list');
  await Promise.all(Array.from({ length: 50 }, () => metricsOf(dashboard)));
  expect(read.mock.calls.length).toBeLessThan(5);
});
