import { lockHome } from '../../home-lock.ts';

/** `hold-lock HOME`: locks a home like its gateway, prints that, and runs until it is killed. */
const [home = ''] = process.argv.slice(2);
using _lock = lockHome(home);
console.log('locked');
await new Promise(() => setInterval(() => undefined, 60_000));
