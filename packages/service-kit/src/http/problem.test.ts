import { Writable } from 'node:stream';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { installProblems, ProblemError, parseRequest, problemBody, sendFrameworkProblem } from './problem.ts';

interface Application {
  readonly app: FastifyInstance;
  readonly log: string[];
}

function application(): Application {
  const log: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk));
      done();
    },
  });
  const app = Fastify({ bodyLimit: 100, logger: { level: 'error', stream } });
  installProblems(app);
  onTestFinished(() => app.close());
  return { app, log };
}

/** An application that throws this error for each request. */
function throwing(thrown: unknown): Application {
  const made = application();
  made.app.get('/', async () => {
    throw thrown;
  });
  return made;
}

/** The framework adds a charset, which does no harm. */
const PROBLEM = /^application\/problem\+json(; charset=utf-8)?$/;

const json = (payload: string): InjectOptions => ({ payload, headers: { 'content-type': 'application/json' } });

describe('an error of the framework is a problem:', () => {
  it.each<[what: string, request: InjectOptions, status: number, code: string]>([
    ['a body that is not JSON', json('{"a":'), 400, 'invalid-json'],
    ['a body that would reach a prototype', json('{"__proto__":{}}'), 400, 'invalid-json'],
    ['an empty body that claims to be JSON', json(''), 400, 'invalid-json'],
    ['a body too large', json(`"${'x'.repeat(100)}"`), 413, 'body-too-large'],
    [
      'a body of another type',
      { payload: '<a/>', headers: { 'content-type': 'text/xml' } },
      415,
      'unsupported-media-type',
    ],
    ['a body that does not fit the schema', json('{"count":"many"}'), 400, 'invalid-request'],
    ['a route that is not there', { url: '/nowhere?secret=1' }, 404, 'not-found'],
    ['a method that is not there', { method: 'DELETE' }, 404, 'not-found'],
  ])('%s', async (_what, request, status, code) => {
    const { app, log } = application();
    const schema = { body: { type: 'object', properties: { count: { type: 'number' } } } };
    app.post('/', { schema }, async () => 'fine');
    const response = await app.inject({ method: 'POST', url: '/', ...request });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toMatch(PROBLEM);
    expect(response.json()).toEqual({
      type: `urn:hermes:problem:${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status,
      detail: expect.stringMatching(/./),
      code,
    });
    expect(response.body).not.toContain('secret');
    expect(log).toEqual([]);
  });

  it('an error of a plug-in that names a client error', async () => {
    const { app } = throwing(Object.assign(new Error('Slow down.'), { statusCode: 429, code: 'FST_SLOW_DOWN' }));
    const response = await app.inject('/');
    expect([response.statusCode, response.json()]).toEqual([
      429,
      {
        type: 'urn:hermes:problem:bad-request',
        title: 'Bad request',
        status: 429,
        detail: 'Slow down.',
        code: 'bad-request',
      },
    ]);
  });
});

describe('an unexpected error', () => {
  it.each<[what: string, thrown: unknown]>([
    ['an Error', new Error('password is hunter2')],
    ['an Error that claims to be a server error', Object.assign(new Error('hunter2'), { statusCode: 503 })],
    ['an Error that claims to be a success', Object.assign(new Error('hunter2'), { statusCode: 200 })],
    ['an Error that claims to be a redirection', Object.assign(new Error('hunter2'), { statusCode: 302 })],
    ['an Error with the status of an answer from elsewhere', Object.assign(new Error('hunter2'), { statusCode: 401 })],
    ['an Error with a code of the system', Object.assign(new Error('hunter2'), { code: 'ENOENT' })],
    ['a string', 'hunter2'],
    ['an object', { message: 'hunter2', statusCode: 400 }],
    ['null', null],
    ['undefined', undefined],
  ])('leaks nothing and is logged: %s', async (_what, thrown) => {
    const { app, log } = throwing(thrown);
    const response = await app.inject('/');
    expect(response.statusCode).toBe(500);
    expect(response.headers['content-type']).toMatch(PROBLEM);
    expect(response.json()).toEqual({
      type: 'urn:hermes:problem:internal',
      title: 'Internal error',
      status: 500,
      detail: 'An unexpected error occurred; see the log for details.',
      code: 'internal',
    });
    expect(log.join('')).toContain('request failed');
  });
});

describe('a ProblemError', () => {
  it('is sent as it is, with its headers and extensions, and is not logged', async () => {
    const more = { headers: { 'retry-after': '30' }, extensions: { request_id: 'r-1', holder: { principal: 'ops' } } };
    const { app, log } = throwing(new ProblemError(503, 'draining', 'Draining', 'Come back later.', more));
    const response = await app.inject('/');
    expect(response.statusCode).toBe(503);
    expect(response.headers).toMatchObject({ 'retry-after': '30', 'content-type': expect.stringMatching(PROBLEM) });
    expect(response.json()).toEqual({
      type: 'urn:hermes:problem:draining',
      title: 'Draining',
      status: 503,
      detail: 'Come back later.',
      code: 'draining',
      request_id: 'r-1',
      holder: { principal: 'ops' },
    });
    expect(log).toEqual([]);
  });

  it('without a detail has no such member', () => {
    expect(problemBody(new ProblemError(401, 'unauthorized', 'Unauthorized'))).toEqual({
      type: 'urn:hermes:problem:unauthorized',
      title: 'Unauthorized',
      status: 401,
      code: 'unauthorized',
    });
  });
});

describe('parseRequest', () => {
  const schema = z.object({
    action: z.enum(['drain', 'cancel']).default('drain'),
    wait: z.coerce.number().max(60).optional(),
  });

  it('returns what the schema makes of a request', () => {
    expect(parseRequest(schema, { wait: '5' })).toEqual({ action: 'drain', wait: 5 });
  });

  it('names each field that is wrong, what was expected and what was found', () => {
    const parse = () => parseRequest(schema, { action: 'stop', wait: 61 });
    expect(parse).toThrow(expect.objectContaining({ statusCode: 400, code: 'invalid-request' }));
    expect(parse).toThrow(/^action: .*"drain"\|"cancel".*; wait: .*60/);
  });

  it.each([[undefined], [null], ['x'], [[1]]])('says of %j that the body is wrong', (value) => {
    expect(() => parseRequest(schema, value)).toThrow(/^body: .*expected object/);
  });

  it('names a nested field by its path, and at most five fields', () => {
    const list = z.object({ list: z.array(z.number()) });
    expect(() => parseRequest(list, { list: [1, 'x'] })).toThrow(/^list\.1: [^;]*$/);
    expect(() => parseRequest(list, { list: Array(100).fill('x') })).toThrow(/^(list\.\d: [^;]*(; |$)){5}$/);
  });
});

describe('an error before there is a route', () => {
  it('is a problem, too', async () => {
    const app = Fastify({ frameworkErrors: sendFrameworkProblem });
    const response = await app.inject('/%zz');
    expect([response.statusCode, response.json().code]).toEqual([400, 'bad-request']);
    expect(response.headers['content-type']).toMatch(PROBLEM);
  });
});
