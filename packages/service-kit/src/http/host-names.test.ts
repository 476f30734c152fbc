import { expect, test } from 'vitest';
import { isOwnHost } from './host-names.ts';

const LOCAL = { host: '127.0.0.1', allowedHosts: [] };
const PUBLIC = { host: '0.0.0.0', allowedHosts: ['gateway.example'] };

test.each(['localhost', 'LOCALHOST:8642', '127.0.0.1', '127.8.9.1:80', '[::1]:8642'])('%s is this machine', (name) => {
  for (const rules of [LOCAL, PUBLIC]) expect(isOwnHost(rules, name)).toBe(true);
});

test.each([
  'evil.example',
  'evil.example:8642',
  '127.0.0.1.evil.example',
  'evil.localhost',
  '0.0.0.0',
  '127.0.0.1@evil',
  'evil#127.0.0.1',
  '',
  undefined,
])('%s is not the name of a program on loopback', (name) => expect(isOwnHost(LOCAL, name)).toBe(false));

test('a name that is allowed is answered, on loopback too', () => {
  expect(isOwnHost({ ...LOCAL, allowedHosts: ['gateway.example'] }, 'Gateway.example:443')).toBe(true);
});

test('beyond loopback the allowed names and all addresses are answered; without allowed names, any name', () => {
  const names = ['gateway.example', '192.0.2.7:80', '[2001:db8::1]', 'evil.example'];
  expect(names.map((name) => isOwnHost(PUBLIC, name))).toEqual([true, true, true, false]);
  expect(names.map((name) => isOwnHost({ ...PUBLIC, allowedHosts: [] }, name))).toEqual([true, true, true, true]);
});
