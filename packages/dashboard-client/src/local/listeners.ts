/** A TCP socket that listens, as the kernel shows it. */
export interface Listener {
  /** Of the user who made it. */
  readonly uid: number;
  /** As /proc has it: hexadecimal, each 32 bits in the order of this machine. */
  readonly address: string;
  readonly port: number;
  /** No other socket has had it since the machine started, but for a number that ran over. */
  readonly inode: string;
}

const LISTEN = '0A';
const ANY = /^0+$/;
const MAPPED_ANY = /^0{16}(FFFF0000|0000FFFF)0{8}$/;

/** The listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function parseListeners(table: string): Listener[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , uid, , inode] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      if (state !== LISTEN || inode === undefined) return [];
      return [{ uid: Number(uid), address, port: Number.parseInt(port, 16), inode }];
    });
}

/** What the kernel shows as the address of IPv4 `address`. */
export function hexOfIpv4(address: string, littleEndian: boolean): string {
  const bytes = address.split('.').map(Number);
  return hex(littleEndian ? bytes.reverse() : bytes);
}

/** What the kernel shows as the address ::1. */
export function hexOfIpv6Loopback(littleEndian: boolean): string {
  return `${'0'.repeat(24)}${hex(littleEndian ? [1, 0, 0, 0] : [0, 0, 0, 1])}`;
}

/** Where a connection ended, the address as the kernel shows it. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

export type Proof =
  | { readonly is: 'trusted' }
  | { readonly is: 'foreign'; readonly uid: number }
  /** No listener was there, or not the same one all the time. */
  | { readonly is: 'unknown' };

/**
 * Whether a connection to `peer` was taken by a listener of one of `trusted`, given the listeners right before it began and
 * after it stood. A socket that listened throughout leaves no other one room at its address.
 */
export function judgeListener(
  before: readonly Listener[],
  after: readonly Listener[],
  peer: Peer,
  trusted: readonly number[],
): Proof {
  const first = before.filter((listener) => isAt(listener, peer));
  const last = after.filter((listener) => isAt(listener, peer));
  const foreign = [...first, ...last].find(({ uid }) => !trusted.includes(uid));
  if (foreign) return { is: 'foreign', uid: foreign.uid };
  const inodes = new Set(first.map(({ inode }) => inode));
  const isSame = last.length > 0 && last.length === first.length && last.every(({ inode }) => inodes.has(inode));
  return { is: isSame ? 'trusted' : 'unknown' };
}

/** Also one at every address, of IPv6 for IPv4, too. */
function isAt({ address, port }: Listener, peer: Peer): boolean {
  if (port !== peer.port || address.length < peer.address.length) return false;
  return ANY.test(address) || MAPPED_ANY.test(address) || address.endsWith(peer.address);
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('');
}
