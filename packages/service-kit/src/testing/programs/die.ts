/** die SIGNAL: a program that handles a signal by its own death from it. */
import { dieBySignal } from '../../die.ts';

const signal = process.argv[2] as NodeJS.Signals;
// A handler that stays would swallow the signal.
process.on(signal, () => undefined);
await dieBySignal(signal);
