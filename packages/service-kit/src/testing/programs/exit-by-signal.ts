/** exit-by-signal SIGNAL: a program that handles a signal and then exits by it. */
import { exitBySignal } from '../../exit-by-signal.ts';

const signal = process.argv[2] as NodeJS.Signals;
// A handler that stays would swallow the signal.
process.on(signal, () => undefined);
await exitBySignal(signal);
