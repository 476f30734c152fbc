import { EventEmitter } from 'node:events';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { clearDrainRequest, readGatewayState, writeDrainRequest } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { quietLog } from '../testing/quiet-log.ts';
import { recordingLog } from '../testing/recording-log.ts';
import { type Gate, type GateOptions, openGate, type Permit, releaseAfterBody, releaseOnClose } from './index.ts';

async function opened(options: GateOptions = {}) {
  const home = options.home ?? temporaryDirectory();
  const gate = await openGate({ home, handleSignals: false, graceSeconds: 0, log: quietLog().log, ...options });
  onTestFinished(() => gate.close());
  return { gate, home };
}

function admitted(gate: Gate, session = 'anna'): Permit {
  const admission = gate.admit({ session });
  if (!admission.admitted) throw new Error(admission.refusal.message);
  const { permit } = admission;
  permit.signal.addEventListener('abort', () => permit.release());
  return permit;
}

const drain = (home: string, more = {}) => writeDrainRequest({ home, principal: 'ops', reason: 'new disk', ...more });

describe('a gate', () => {
  it('admits until a drain begins, refuses with words, and admits again when it is cancelled', async () => {
    const { gate, home } = await opened();
    const permit = admitted(gate);
    await drain(home);
    expect(gate.admit({ session: 'ben' })).toEqual({
      admitted: false,
      refusal: {
        reason: 'draining',
        message:
          'The gateway is draining: it finishes running turns and starts no new ones. Reason: new disk. Retry later.',
        status: 503,
        retryAfter: 5,
      },
    });
    const internal = gate.admit({ session: 'anna', kind: 'internal' });
    expect(internal.admitted).toBe(true);
    if (internal.admitted) internal.permit.release();
    expect(gate.drain).toMatchObject({ reason: 'new disk', principal: 'ops', isQuiet: false });
    await eventually(() => expect(gate.readiness()).toMatchObject({ status: 503, body: { status: 'draining' } }));
    permit.release();
    await clearDrainRequest({ home });
    admitted(gate, 'ben');
    await eventually(() => expect(gate.readiness().status).toBe(200));
  });

  it('publishes what is in flight, what was refused, and where it listens', async () => {
    const { gate, home } = await opened({ version: '1.2' });
    gate.endpoint = 'http://127.0.0.1:1';
    admitted(gate);
    await drain(home);
    gate.admit({ session: 'ben' });
    await eventually(() =>
      expect(readGatewayState({ home })).toMatchObject({
        gateway_state: 'draining',
        active_agents: 1,
        active_work: [{ session: 'anna', kind: 'external' }],
        endpoint: 'http://127.0.0.1:1',
        version: '1.2',
      }),
    );
  });

  it('refuses to open a home that another gate has open, and one that does not exist', async () => {
    const { home } = await opened();
    await expect(opened({ home })).rejects.toThrow(`serves ${home}: stop it first`);
    await expect(opened({ home: join(home, 'missing') })).rejects.toThrow('missing');
  });

  it('can be opened again after it was closed', async () => {
    const { gate, home } = await opened();
    await gate.close();
    expect(readGatewayState({ home })).toMatchObject({ gateway_state: 'stopped', exit: { code: 0, interrupted: 0 } });
    expect(gate.admit({ session: 'anna' })).toMatchObject({ refusal: { reason: 'stopping' } });
    admitted((await opened({ home })).gate);
  });

  it.each([
    [{ session: '' }],
    [{}],
    [{ session: 5 }],
    [{ session: 'x'.repeat(1_025) }],
    [{ session: 's', kind: 'extern' }],
    [{ session: 's', id: 7 }],
    [undefined],
  ])('takes %j for a mistake of the program', async (turn) => {
    const { gate } = await opened();
    expect(() => gate.admit(turn as never)).toThrow('the turn to admit: ');
    expect(gate.active).toBe(0);
  });

  it.each([
    [{ graceSeconds: Number.POSITIVE_INFINITY }],
    [{ graceSeconds: -1 }],
    [{ graceSeconds: '5' }],
    [{ graceSecond: 5 }],
    [{ hooks: { draining: 'yes' } }],
  ])('does not open with the options %j', async (options) => {
    await expect(opened(options as never)).rejects.toThrow('the options of openGate: ');
  });

  it('takes an address that is none for a mistake', async () => {
    const { gate } = await opened();
    expect(() => {
      gate.endpoint = 'junk';
    }).toThrow('endpoint: expected a URL of http or https');
  });

  it('names the sessions that keep it from being idle', async () => {
    const { gate } = await opened();
    admitted(gate, 'ben');
    await expect(gate.whenIdle(AbortSignal.timeout(1))).rejects.toThrow('in flight in the sessions ben');
  });

  it('refuses external turns when its home is gone', async () => {
    const parent = temporaryDirectory();
    const home = join(parent, 'home');
    mkdirSync(home);
    const { gate } = await opened({ home });
    renameSync(home, join(parent, 'elsewhere'));
    await eventually(() => {
      const admission = gate.admit({ session: 'anna' });
      if (admission.admitted) admission.permit.release();
      expect(admission).toMatchObject({ refusal: { reason: 'storage-unavailable' } });
    });
    renameSync(join(parent, 'elsewhere'), home);
    await eventually(() => admitted(gate));
  });
});

describe('hooks', () => {
  it('are called at the begin and the end of a drain, and at the stop', async () => {
    const calls: unknown[] = [];
    const hooks = {
      draining: (...args: unknown[]) => void calls.push(['draining', ...args]),
      back: () => void calls.push(['back']),
      stopping: (...args: unknown[]) => void calls.push(['stopping', ...args]),
    };
    const { gate, home } = await opened({ hooks, graceSeconds: 0 });
    admitted(gate);
    admitted(gate);
    await drain(home, { suppressNotification: true });
    await eventually(() => expect(calls).toMatchObject([['draining', { reason: 'new disk', isQuiet: true }]]));
    await clearDrainRequest({ home });
    await eventually(() => expect(calls.at(-1)).toEqual(['back']));
    await gate.close();
    expect(calls.at(-1)).toEqual(['stopping', { signal: null, isQuiet: false, sessions: ['anna'], graceSeconds: 0 }]);
  });

  it('may throw, and the shutdown continues', async () => {
    const { log, lines } = recordingLog();
    const hooks = {
      stopping: () => {
        throw new Error('no network');
      },
    };
    const { gate } = await opened({ hooks, log, onClose: () => Promise.reject(new Error('no server')) });
    await gate.close();
    expect(gate.state).toBe('stopped');
    const errors = lines.filter(({ level }) => level === 'error').map(({ msg, err }) => [msg, String(err)]);
    expect(errors).toEqual([
      ['the hook stopping failed', 'Error: no network'],
      ['onClose failed', 'Error: no server'],
    ]);
  });
});

describe('a permit', () => {
  it('may be released twice, and by `using`', async () => {
    const { gate } = await opened();
    {
      using permit = admitted(gate);
      expect([gate.active, permit.session, permit.signal.aborted]).toEqual([1, 'anna', false]);
      permit.release();
    }
    expect(gate.active).toBe(0);
    await gate.whenIdle(AbortSignal.timeout(1));
  });

  it('aborts when the grace period is over, which is counted as interrupted', async () => {
    const { gate, home } = await opened({ graceSeconds: 0.01 });
    admitted(gate);
    await gate.close();
    expect(readGatewayState({ home })).toMatchObject({ exit: { interrupted: 1 } });
  });
});

describe('releaseOnClose', () => {
  it.each([
    ['releases when all was sent', true],
    ['aborts the signal, too, when the client is gone before', false],
  ])('%s', async (_what, writableFinished) => {
    const { gate } = await opened();
    const permit = admitted(gate);
    const response = Object.assign(new EventEmitter(), { closed: false, writableFinished });
    releaseOnClose(permit, response);
    expect([gate.active, permit.signal.aborted]).toEqual([1, false]);
    response.emit('close');
    expect([gate.active, permit.signal.aborted]).toEqual([0, !writableFinished]);
  });

  it('releases at once when the response is closed already', async () => {
    const { gate } = await opened();
    const response = Object.assign(new EventEmitter(), { closed: true, writableFinished: false });
    releaseOnClose(admitted(gate), response);
    expect(gate.active).toBe(0);
  });
});

describe('releaseAfterBody', () => {
  const permitOf = async (method = 'GET') => {
    const { gate } = await opened();
    const client = new AbortController();
    return { gate, permit: admitted(gate), client, request: { method, signal: client.signal } };
  };

  it('releases when the body has been read, and keeps status and headers', async () => {
    const { gate, permit, request } = await permitOf();
    const reply = new Response('reply', { status: 201, headers: { 'x-a': 'b' } });
    const response = releaseAfterBody(permit, request, reply);
    expect([gate.active, response.status, response.headers.get('x-a')]).toEqual([1, 201, 'b']);
    expect(await response.text()).toBe('reply');
    expect([gate.active, permit.signal.aborted]).toEqual([0, false]);
  });

  it('releases when the reader gives up, cancels the source and aborts the signal', async () => {
    const { gate, permit, request } = await permitOf();
    const cancel = vi.fn();
    await releaseAfterBody(permit, request, new Response(new ReadableStream({ cancel }))).body?.cancel('gone');
    expect([gate.active, cancel.mock.calls, permit.signal.aborted]).toEqual([0, [['gone']], true]);
  });

  it('releases when the client is gone before the body is read', async () => {
    const { gate, permit, client, request } = await permitOf();
    const cancel = vi.fn();
    releaseAfterBody(permit, request, new Response(new ReadableStream({ cancel })));
    client.abort();
    expect([gate.active, permit.signal.aborted]).toEqual([0, true]);
    await eventually(() => expect(cancel).toHaveBeenCalledOnce());
  });

  it('releases when the source fails, and passes the failure on', async () => {
    const { gate, permit, request } = await permitOf();
    const source = new ReadableStream({ pull: () => Promise.reject(new Error('model gone')) });
    await expect(releaseAfterBody(permit, request, new Response(source)).text()).rejects.toThrow('model gone');
    expect(gate.active).toBe(0);
  });

  it.each([
    ['there is no body', 'GET', null],
    ['the body of a HEAD is not read', 'HEAD', 'reply'],
  ])('releases at once when %s', async (_what, method, reply) => {
    const { gate, permit, request } = await permitOf(method);
    const response = releaseAfterBody(permit, request, new Response(reply, { status: 200, headers: { 'x-a': 'b' } }));
    expect([gate.active, response.body, response.headers.get('x-a')]).toEqual([0, null, 'b']);
  });
});
