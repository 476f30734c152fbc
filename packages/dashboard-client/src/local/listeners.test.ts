import { expect, test } from 'vitest';
import { hexOfIpv4, hexOfIpv6Loopback, judgeListener, type Listener, parseListeners } from './listeners.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:239F 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4352695 1 00000000ffaa3f7a 100 0 0 10 0
   1: 0100007F:239F 0100007F:8000 01 00000000:00000004 00:00000000 00000000     0        0 4355308 5 000000003bf7f243 100 0 0 10 0
`;
const V4 = '0100007F';
const V6 = '00000000000000000000000001000000';
const listener = (some: Partial<Listener> = {}): Listener => ({
  uid: 1000,
  address: V4,
  port: 9119,
  inode: '1',
  ...some,
});
const peer = { address: V4, port: 9119 };

test('reads the sockets that listen, and no connections', () => {
  expect(parseListeners(TABLE)).toEqual([{ uid: 1000, address: V4, port: 9119, inode: '4352695' }]);
  expect(parseListeners('')).toEqual([]);
});

test('writes addresses as the kernel does', () => {
  expect([hexOfIpv4('127.0.0.1', true), hexOfIpv4('127.0.0.1', false)]).toEqual([V4, '7F000001']);
  expect([hexOfIpv6Loopback(true), hexOfIpv6Loopback(false)]).toEqual([V6, `${'0'.repeat(31)}1`]);
});

test.each([
  ['its address', V4],
  ['every IPv4 address', '00000000'],
  ['every address', '0'.repeat(32)],
  ['its address, mapped into IPv6', `0000000000000000FFFF0000${V4}`],
])('a listener of a trusted user at %s is one', (_where, address) => {
  const now = [listener({ address })];
  expect(judgeListener(now, now, peer, [0, 1000])).toEqual({ is: 'trusted' });
  expect(judgeListener(now, now, peer, [0])).toEqual({ is: 'foreign', uid: 1000 });
});

test('listeners at other ports and addresses do not count', () => {
  const others = [
    listener({ port: 9118, uid: 7 }),
    listener({ address: '0200007F', uid: 7 }),
    listener({ address: V6, uid: 7 }),
  ];
  const now = [...others, listener()];
  expect(judgeListener(now, now, peer, [1000])).toEqual({ is: 'trusted' });
  expect(judgeListener(others, others, peer, [1000])).toEqual({ is: 'unknown' });
  const v6 = [listener({ address: V6 }), listener({ address: '00000000', uid: 7 })];
  expect(judgeListener(v6, v6, { address: V6, port: 9119 }, [1000])).toEqual({ is: 'trusted' });
});

test.each([
  ['came only after the connection', [], [listener()], 'unknown'],
  ['left before the look', [listener()], [], 'unknown'],
  ['was another one in between', [listener()], [listener({ inode: '2' })], 'unknown'],
  ['belonged to a stranger before', [listener({ uid: 7 })], [listener()], 'foreign'],
  ['belongs to a stranger after', [listener()], [listener({ uid: 7, inode: '2' })], 'foreign'],
  ['is one of two, the other a stranger', [listener()], [listener(), listener({ uid: 7, inode: '2' })], 'foreign'],
])('a listener that %s proves nothing', (_what, before, after, is) => {
  expect(judgeListener(before, after, peer, [1000])).toMatchObject({ is });
});
