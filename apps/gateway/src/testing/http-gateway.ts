import { request } from 'node:http';
import { join } from 'node:path';
import { writeDrainRequest } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import { listen, ResponseBacklog, type ResponseBacklogOptions } from '@hermes/service-kit/http';
import { temporaryDirectory } from '@hermes/test-kit';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { onTestFinished } from 'vitest';
import type { Channel } from '../channels/channel.ts';
import type { ChatOptions } from '../chat/create.ts';
import { Gateway } from '../gateway.ts';
import type { AccessRules } from '../http/access.ts';
import type { OnDisconnect } from '../http/attendance.ts';
import { createServer, type ServerParts } from '../http/server.ts';
import type { Journal } from '../journal/journal.ts';
import { serverParts } from '../server-parts.ts';
import type { OnDrain } from '../turns/admission.ts';
import { openJournal } from './journals.ts';
import { quietLog } from './quiet-log.ts';
import { ScriptedAgent } from './scripted-agent.ts';

export interface HttpGatewayOptions {
  readonly key?: string;
  readonly onDrain?: OnDrain;
  /** Whether it has read the marker and accepts turns. */
  readonly open?: boolean;
  readonly backlog?: ResponseBacklogOptions;
  readonly maxReaders?: number;
  readonly maxBodiesBytes?: number;
  readonly access?: Partial<AccessRules>;
  readonly tickets?: ServerParts['tickets'];
  readonly receive?: ServerParts['receive'];
  readonly silence?: ServerParts['silence'];
  readonly onDisconnect?: OnDisconnect;
  readonly journal?: Journal;
  /** The directory of the chat page. */
  readonly page?: string;
  readonly chat?: ChatOptions;
  readonly channels?: readonly Channel[];
  /** Where it logs to. Default: nowhere. */
  readonly log?: Logger;
}

/** A gateway in a home of its own that listens on a free port, until the test has finished. */
export async function httpGateway(options: HttpGatewayOptions = {}) {
  const home = temporaryDirectory();
  const agent = new ScriptedAgent();
  const log = options.log ?? quietLog().log;
  const identity = {
    pid: process.pid,
    epoch: 'epoch',
    version: '0',
    startedAt: 0,
    restartDrainTimeout: 30,
    stopTimeout: 51,
    turnTimeout: 600,
    stallAfter: 300,
  };
  const journal = options.journal ?? openJournal(join(home, 'gateway.db'));
  const { onDisconnect = 'continue' } = options;
  const onDrain = options.onDrain ?? 'refuse';
  const { channels = [], chat } = options;
  const gateway = new Gateway({ home, identity, agent, journal, channels, onDrain, chat, log });
  const backlog = new ResponseBacklog(options.backlog);
  const server = await createServer({
    ...serverParts(gateway, journal, backlog),
    inbox: gateway.chat,
    maxReaders: options.maxReaders,
    maxBodiesBytes: options.maxBodiesBytes,
    access: { host: '127.0.0.1', key: options.key, ...options.access },
    tickets: options.tickets,
    receive: options.receive,
    silence: options.silence,
    onDisconnect: { messages: onDisconnect, chat_completions: onDisconnect },
    page: options.page,
  });
  const port = await listen(server, { host: '127.0.0.1', port: 0, settings: { host: 'HOST', port: 'PORT' } });
  onTestFinished(async () => {
    gateway.engine.interruptRunning();
    gateway.engine.leaveQueued();
    gateway.hub.close();
    await gateway.channelManager.close(AbortSignal.timeout(1_000));
    server.server.closeAllConnections();
    await server.close();
    await gateway.close('closed', { at: '', signal: null, code: 0, reason: 'test', interrupted: 0 });
  });
  if (options.open !== false) await gateway.open();
  const url = `http://127.0.0.1:${port}`;
  return {
    home,
    agent,
    gateway,
    backlog,
    journal,
    server,
    url,
    port,
    drain: (reason?: string) => writeDrainRequest({ home, epoch: 'epoch', reason }),
    /** Posts a message; the answer is a promise of fetch. */
    post: (body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** The JSON object of an answer. */
export async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

/** A server-sent event; `id` if it has one. */
export interface StreamedEvent {
  readonly id?: string;
  readonly event: string | undefined;
  readonly data: unknown;
}

/** The events of a stream of server-sent events, as they come. */
export async function* eventsOf(response: Response): AsyncGenerator<StreamedEvent> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  const text = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    parser.feed(text.decode(bytes as Uint8Array, { stream: true }));
    for (const { id, event, data } of arrived.splice(0)) {
      yield { ...(id === undefined ? {} : { id }), event, data: JSON.parse(data) as unknown };
    }
  }
}

/** A request that fetch would not send: with a `Host` of one's own, for example. Answers with status and body. */
export function rawRequest(port: number, options: { path: string; headers?: Record<string, string> }) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent: false, ...options }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
    });
    sent.on('error', reject).end();
  });
}
