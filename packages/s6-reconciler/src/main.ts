import { main } from './cli.ts';

// Nobody reads what we print any more: no reason to stop half-way.
process.stdout.on('error', () => undefined);

main(process.argv.slice(2)).then((code) => {
  // Not before the reader of a pipe has had everything.
  process.stdout.write('', () => process.exit(code));
});
