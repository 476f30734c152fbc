import { lockHome } from '../../home-lock.ts';

/** `hold-lock HOME`: is the gateway of a home, says so, and stays until it is killed. */
const [home = ''] = process.argv.slice(2);
using _lock = lockHome(home);
console.log('locked');
await new Promise(() => setInterval(() => undefined, 60_000));
