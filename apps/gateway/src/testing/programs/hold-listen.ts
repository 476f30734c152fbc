import { once } from 'node:events';
import { Server } from 'node:net';

/** For `--import`: the program does not listen before it gets SIGUSR2, so a test sees what it does until then. */
const listen = Server.prototype.listen as (...given: unknown[]) => Server;

// From the beginning: the signal may come before the program wants to listen.
const released = once(process, 'SIGUSR2');
// Nothing else keeps the process alive meanwhile.
const holding = setInterval(() => undefined, 60_000);

Server.prototype.listen = function hold(this: Server, ...given: unknown[]): Server {
  void released.then(() => {
    clearInterval(holding);
    listen.apply(this, given);
  });
  return this;
};
