import { describe, expect, it } from 'vitest';
import { baseUrl, isLoopback } from './address.ts';

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.255.255.254', '::1', '[::1]', 'localhost', 'LocalHost'])('holds for %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '::',
    '[::]',
    '',
    '10.0.0.1',
    '128.0.0.1',
    '127.evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil-localhost',
    '::1%eth0',
    '127.0.0.1:80',
    ' 127.0.0.1',
  ])('does not hold for %j', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('baseUrl', () => {
  it.each([
    ['127.0.0.1', 8642, 'http://127.0.0.1:8642'],
    ['gateway.internal', 80, 'http://gateway.internal:80'],
    ['::1', 8642, 'http://[::1]:8642'],
  ])('of %s and %d is %s, which is a URL', (host, port, url) => {
    expect(baseUrl(host, port)).toBe(url);
    expect(URL.canParse(url)).toBe(true);
  });
});
