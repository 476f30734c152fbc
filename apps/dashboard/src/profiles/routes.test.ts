import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeDesiredState, writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { testDashboard } from '../testing/dashboard.ts';
import { answerDrain, gatewayState } from '../testing/gateway.ts';
import { addProfile } from '../testing/home.ts';

test('lists every profile with its state, its desired state and its drain', async () => {
  const { ask, home } = await testDashboard();
  const [mail, chat] = [addProfile(home, 'mail'), addProfile(home, 'chat')];
  await writeGatewayState(gatewayState({ active_agents: 1 }), { home });
  await writeDesiredState('stopped', { home: mail });
  await writeDesiredState('running', { home: chat });
  await writeDrainRequest({ home: chat });
  await answerDrain(chat);
  const response = await ask({ url: '/api/profiles' });
  expect(response.json()).toMatchObject({
    profiles: [
      {
        name: 'default',
        gateway_state: 'running',
        gateway_running: true,
        active_agents: 1,
        desired_state: null,
        draining: false,
        safe_to_stop: false,
      },
      {
        name: 'chat',
        gateway_state: 'draining',
        gateway_running: true,
        active_agents: 0,
        desired_state: 'running',
        draining: true,
        safe_to_stop: true,
      },
      {
        name: 'mail',
        gateway_state: null,
        gateway_running: false,
        active_agents: 0,
        desired_state: 'stopped',
        draining: false,
        safe_to_stop: false,
      },
    ],
  });
});

test('lists nothing that only looks like a profile', async () => {
  const { ask, home } = await testDashboard();
  mkdirSync(join(home, 'profiles', 'no-soul'), { recursive: true });
  symlinkSync(home, join(home, 'profiles', 'link'));
  const { profiles } = (await ask({ url: '/api/profiles' })).json();
  expect(profiles.map((profile: { name: string }) => profile.name)).toEqual(['default']);
});
