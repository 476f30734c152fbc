import { Server } from 'node:net';

/** For `--import`: the program does not listen before it gets SIGUSR2, so a test sees what it does until then. */
const listen = Server.prototype.listen as (...given: unknown[]) => Server;

Server.prototype.listen = function hold(this: Server, ...given: unknown[]): Server {
  // Nothing else may keep the process alive meanwhile.
  const holding = setInterval(() => undefined, 60_000);
  process.once('SIGUSR2', () => {
    clearInterval(holding);
    listen.apply(this, given);
  });
  return this;
};
