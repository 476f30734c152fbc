import { readFile, writeFile } from 'node:fs/promises';
import { drainRequestPath, drainRequestSchema, gatewayStateSchema, readDrainVerdict } from '@hermes/drain-contract';
import { describe, expect, test } from 'vitest';
import { Testbed } from '../live/testbed.ts';

describe('what the dashboard writes and what the gateway reads', () => {
  test('are the same drain, field by field', async () => {
    await using testbed = await Testbed.start();
    const { home, client } = testbed;
    const begun = await client.beginDrain({ reason: 'new image', suppress_notification: true, max_age_seconds: 90 });
    const marker = drainRequestSchema.parse(JSON.parse(await readFile(drainRequestPath({ home }), 'utf8')));
    expect(marker).toMatchObject({ reason: 'new image', suppress_notification: true, max_age_seconds: 90 });
    expect(readDrainVerdict({ home })).toMatchObject({ active: true, reason: 'current' });

    const answer = await client.untilDrained();
    expect(answer.body).toMatchObject({ safe_to_stop: true, request_id: begun.body.request_id, reason: 'new image' });
    const { drain } = await publishedState(home);
    expect(drain).toMatchObject({
      request_id: marker.request_id,
      principal: marker.principal,
      reason: marker.reason,
      requested_at: marker.requested_at,
    });
  });

  test('agree on markers that neither of them wrote', async () => {
    await using testbed = await Testbed.start();
    const { home, client } = testbed;
    const now = new Date().toISOString().replace('Z', '+00:00');
    const cases = {
      'a marker of the reference system': JSON.stringify({
        action: 'drain',
        requested_at: now,
        principal: 'nas',
        epoch: '',
      }),
      'half a marker': '{"action":"drain","requ',
      'binary noise': '\u0000\u0001\u0002',
      'a list': '[1]',
    };
    for (const [what, text] of Object.entries(cases)) {
      await writeFile(drainRequestPath({ home }), text);
      const answer = await client.untilDrained(10);
      expect([what, answer.body.safe_to_stop, (await client.say('anna', 'hello')).status]).toEqual([what, true, 503]);
      await client.cancelDrain();
      expect([what, (await client.say('anna', 'hello')).status]).toEqual([what, 200]);
    }
  });
});

async function publishedState(home: string) {
  const text = await readFile(`${home}/gateway_state.json`, 'utf8');
  return gatewayStateSchema.parse(JSON.parse(text));
}
