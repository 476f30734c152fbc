import { main } from './cli.ts';

// The reader of stdout has gone away: that must not stop a command half-way.
process.stdout.on('error', () => undefined);

main(process.argv.slice(2)).then((code) => {
  // Not before the reader of a pipe has received everything.
  process.stdout.write('', () => process.exit(code));
});
