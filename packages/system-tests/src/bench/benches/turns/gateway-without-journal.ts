/** `gateway-without-journal HOME`: a gateway with an echo agent that is as it always is, but stores nothing. */
import { EchoAgent } from '@hermes/gateway/build/agents/echo.js';
import { Gateway } from '@hermes/gateway/build/gateway.js';
import { createServer } from '@hermes/gateway/build/http/server.js';
import { Metrics } from '@hermes/gateway/build/metrics/metrics.js';
import { ResponseBacklog } from '@hermes/service-kit/http';
import { announce } from './announce.ts';
import { ForgetfulJournal } from './forgetful-journal.ts';

const [home = ''] = process.argv.slice(2);
const silent = () => undefined;
const journal = new ForgetfulJournal();
const gateway = new Gateway({
  home,
  identity: {
    pid: process.pid,
    epoch: 'epoch',
    version: '0',
    startedAt: Date.now(),
    restartDrainTimeout: 30,
    stopTimeout: 60,
    turnTimeout: 0,
    stallAfter: 300,
  },
  agent: new EchoAgent({ delay_ms: 0, replay: true }),
  journal,
  channels: [],
  onDrain: 'refuse',
  log: { debug: silent, info: silent, warn: silent, error: console.error } as never,
});
const { gate, engine, hub } = gateway;
const backlog = new ResponseBacklog();
const server = await createServer({
  engine,
  hub,
  backlog,
  metrics: new Metrics({
    gate,
    engine,
    hub,
    backlog,
    journal,
    state: () => gateway.lifecycle.state,
    channels: gateway.channelStatuses,
  }),
  access: { host: '127.0.0.1' },
  probes: () => gateway.readings,
  isLeaving: () => gateway.isLeaving,
  status: () => gateway.status,
  history: journal,
  onDisconnect: { messages: 'continue', chat_completions: 'continue' },
});
gateway.endpoint = await server.listen({ host: '127.0.0.1', port: 0 });
await gateway.open();
await gateway.published();
announce(gateway.endpoint);
