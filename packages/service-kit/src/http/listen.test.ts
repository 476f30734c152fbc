import { once } from 'node:events';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StartupError } from '../startup-error.ts';
import { occupiedPort } from '../testing/programs.ts';
import { listen } from './listen.ts';

function application(): FastifyInstance {
  const app = Fastify();
  onTestFinished(() => app.close());
  return app;
}

/** An application whose every attempt to listen fails like this. */
function failingWith(error: Error): FastifyInstance {
  return { listen: () => Promise.reject(error) } as unknown as FastifyInstance;
}

const options = { host: '127.0.0.1', port: 0, settings: { host: 'API_SERVER_HOST', port: 'API_SERVER_PORT' } };

describe('listen', () => {
  it('returns the port that was free, and answers there', async () => {
    const app = application();
    app.get('/', async () => 'here');
    const port = await listen(app, options);
    expect(port).toBeGreaterThan(0);
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    expect(await response.text()).toBe('here');
  });

  it('outlives a connection that cannot be accepted', async () => {
    const app = application();
    await listen(app, options);
    expect(app.server.emit('error', new Error('accept ENOMEM'))).toBe(true);
  });

  it('says which setting to change when the port is taken', async () => {
    const { port, server } = await occupiedPort();
    onTestFinished(async () => {
      await once(server.close(), 'close');
    });
    const failure = listen(application(), { ...options, port });
    await expect(failure).rejects.toThrow(StartupError);
    await expect(failure).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: another program listens there; ` +
        'stop it or choose another port with API_SERVER_PORT (EADDRINUSE)',
    );
    await expect(failure).rejects.toHaveProperty('cause.code', 'EADDRINUSE');
  });

  it('says so when the machine does not have the address', async () => {
    const failure = listen(application(), { ...options, host: '192.0.2.1' });
    await expect(failure).rejects.toThrow(StartupError);
    await expect(failure).rejects.toThrow(
      /cannot listen on 192\.0\.2\.1:0: .*does not have that address; .* with API_SERVER_HOST \(EADDRNOTAVAIL\)/,
    );
  });

  it.each([
    ['EACCES', /choose a port above 1023 with API_SERVER_PORT/],
    ['EAFNOSUPPORT', /addresses of that kind; choose another with API_SERVER_HOST/],
    ['ENOTFOUND', /host name is not known; choose another with API_SERVER_HOST/],
    ['EAI_AGAIN', /looked up now; wait, or choose an address with API_SERVER_HOST/],
  ])('has a cure for %s, and names the setting that it takes', async (code, cure) => {
    const failure = listen(failingWith(Object.assign(new Error('low level'), { code })), options);
    await expect(failure).rejects.toThrow(StartupError);
    await expect(failure).rejects.toThrow(cure);
  });

  it.each([new Error('no code'), Object.assign(new Error('out of files'), { code: 'EMFILE' })])(
    'leaves alone an error that no setting cures: %s',
    async (error) => {
      await expect(listen(failingWith(error), options)).rejects.toBe(error);
    },
  );
});
