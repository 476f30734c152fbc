import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { lacking, runs } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished, test } from 'vitest';
import { HAProxy } from './haproxy.ts';

/** More than the time between two probes. */
const SLOW_MS = 1_500;

test.skipIf(lacking('HAProxy (apt-get install haproxy)', runs('haproxy', '-v')))(
  'a gateway that is too busy to answer a probe at once keeps its clients',
  async () => {
    let probes = 0;
    const gateway = createServer(async ({ url }, response) => {
      if (url === '/readyz') {
        await delay(SLOW_MS);
        probes += 1;
      }
      response.end('{}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => {
      gateway.close();
      gateway.closeAllConnections();
    });
    await once(gateway, 'listening');
    const { port } = gateway.address() as AddressInfo;
    await using haproxy = await HAProxy.start([{ name: 'busy', port }], { isSticky: false });
    await eventually(() => expect(probes).toBeGreaterThan(3));
    expect((await fetch(`${haproxy.url}/v1/messages`)).status, haproxy.log).toBe(200);
  },
);
