import { beforeEach, expect, test, vi } from 'vitest';
import { TabSecret } from './tab-secret.ts';

const stored = new Map<string, string>();
const replaceState = vi.fn();

function follow(hash: string): void {
  vi.stubGlobal('location', { hash, pathname: '/chat/', search: '?a=1' });
  vi.stubGlobal('history', { replaceState });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  });
}

beforeEach(() => {
  stored.clear();
  replaceState.mockClear();
});

test('the secret of a link leaves the address at once and stays in the tab', () => {
  follow('#token=%20abc%20');
  expect(new TabSecret('one').take()).toBe('abc');
  expect(replaceState).toHaveBeenCalledExactlyOnceWith(null, '', '/chat/?a=1');
  follow('');
  expect(new TabSecret('one').take()).toBe('abc');
  expect(new TabSecret('another').take()).toBeNull();
});

test('a forgotten secret is gone', () => {
  follow('');
  const secret = new TabSecret('one');
  secret.remember('abc');
  secret.forget();
  expect(secret.take()).toBeNull();
  expect(stored.size).toBe(0);
  expect(replaceState).not.toHaveBeenCalled();
});
