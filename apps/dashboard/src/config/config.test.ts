import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('has defaults for everything', () => {
  expect(readConfig({})).toEqual({
    home: join(homedir(), '.hermes'),
    host: '127.0.0.1',
    port: 9119,
    secret: undefined,
    startTimeout: 60,
    allowedHosts: [],
    trustedProxies: [],
    logLevel: 'info',
  });
});

test('takes the environment, and the command line before it', () => {
  const environment = {
    HERMES_HOME: '/srv/hermes',
    HERMES_DASHBOARD_HOST: '::1',
    HERMES_DASHBOARD_PORT: '0',
    HERMES_DASHBOARD_DRAIN_SECRET: 's',
    HERMES_START_TIMEOUT: '5',
    HERMES_DASHBOARD_ALLOWED_HOSTS: 'Dash.example, other',
    HERMES_DASHBOARD_TRUSTED_PROXIES: '10.0.0.0/8,::1',
    HERMES_DASHBOARD_LOG_LEVEL: 'debug',
  };
  const lists = { allowedHosts: ['dash.example', 'other'], trustedProxies: ['10.0.0.0/8', '::1'] };
  const config = {
    home: '/srv/hermes',
    host: '::1',
    port: 0,
    secret: 's',
    startTimeout: 5,
    ...lists,
    logLevel: 'debug',
  };
  expect(readConfig(environment)).toEqual(config);
  const options = { home: '/other', host: 'localhost', port: 1 };
  expect(readConfig(environment, options)).toEqual({ ...config, ...options });
});

test('a variable that is empty counts as unset', () => {
  const environment = { HERMES_HOME: '', HERMES_DASHBOARD_HOST: '', HERMES_DASHBOARD_PORT: '', HERMES_NOTIFY_FD: '' };
  expect(readConfig(environment)).toEqual(readConfig({}));
  expect(readConfig({ HERMES_DASHBOARD_DRAIN_SECRET: '' }).secret).toBeUndefined();
});

test.each([
  ['HERMES_DASHBOARD_PORT', 'abc', 'a whole number from 0 to 65535; found "abc"'],
  ['HERMES_DASHBOARD_PORT', '70000', 'a whole number from 0 to 65535; found "70000"'],
  ['HERMES_DASHBOARD_PORT', '-1', 'found "-1"'],
  ['HERMES_DASHBOARD_PORT', '80.5', 'found "80.5"'],
  ['HERMES_DASHBOARD_HOST', 'http://here', 'an address or host name'],
  ['HERMES_DASHBOARD_LOG_LEVEL', 'loud', 'one of trace, debug'],
  ['HERMES_DASHBOARD_TRUSTED_PROXIES', 'all', 'addresses or networks'],
  ['HERMES_DASHBOARD_ALLOWED_HOSTS', 'http://here', 'host names without a port'],
  ['HERMES_SERVICE_MANAGER', 'upstart', 'one of auto, s6, systemd, systemd-user, none'],
  ['HERMES_NOTIFY_FD', 'two', 'found "two"'],
  ['HERMES_NOTIFY_FD', '2', 'at least 3'],
])('%s=%s is refused by name, with what was expected and found', (name, value, message) => {
  expect(() => readConfig({ [name]: value })).toThrow(`${name}: expected `);
  expect(() => readConfig({ [name]: value })).toThrow(message);
});
