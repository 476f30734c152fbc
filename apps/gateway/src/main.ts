import { main } from './cli.ts';

// The reader of the output has exited: no reason to stop serving.
process.stdout.on('error', () => undefined);

const code = await main(process.argv.slice(2));
// Not before the reader of a pipe has all output.
process.stdout.write('', () => process.exit(code));
