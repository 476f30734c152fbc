import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A proxy on loopback whose connections a test breaks. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks all connections. New ones are refused until {@link TcpProxy.open}. */
  close(): Promise<void>;
  /** Accepts connections again, and forwards them to `target` if it is given. */
  open(target?: number): Promise<void>;
  /** Breaks all connections; new ones are accepted. */
  cut(): void;
  /** Breaks all connections when the server answers the next request with these words in it, and drops that answer. @returns when that has happened. */
  cutAtAnswerTo(words: string): Promise<void>;
}

/** Words of a request that may have come in two pieces. */
const MAX_WORDS = 100;

/** Forwards connections to a port on loopback until the test has finished. */
export async function tcpProxy(port: number): Promise<TcpProxy> {
  let target = port;
  const sockets = new Set<Socket>();
  let awaited: { readonly words: string; cut(): void } | undefined;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const forward = (client: Socket): void => {
    const server = connect(target, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    let asked = '';
    client.on('data', (bytes) => {
      asked = asked.slice(-MAX_WORDS) + bytes.toString('latin1');
    });
    client.pipe(server);
    server.on('data', (bytes) => {
      if (awaited && asked.includes(awaited.words)) return awaited.cut();
      asked = '';
      client.write(bytes);
    });
  };
  let listener = await listen(forward, 0);
  const { port: own } = listener.address() as AddressInfo;
  onTestFinished(() => {
    listener.close();
    cut();
  });
  return {
    port: own,
    cut,
    open: async (next = target) => {
      target = next;
      listener = await listen(forward, own);
    },
    close: async () => {
      listener.close();
      cut();
      await once(listener, 'close');
    },
    cutAtAnswerTo: (words) =>
      new Promise((resolve) => {
        const cutNow = () => {
          awaited = undefined;
          cut();
          resolve();
        };
        awaited = { words, cut: cutNow };
      }),
  };
}

async function listen(onConnection: (socket: Socket) => void, port: number): Promise<Server> {
  const server = createServer(onConnection).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
