/**
 * log-much END: logs 2,000 numbered lines of a kilobyte, which no pipe holds, says so on stdout, and ends: `die` by
 * SIGTERM, `exit`, `crash` by an error that nothing catches, `fail` to start, or `wait` until stdin has ended.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createLogger, droppedLogLines, exitBySignal, reportStartupError, StartupError } from '../../index.ts';

const logger = createLogger('kit-test', 'info');
for (let number = 0; number < 2_000; number += 1) logger.info({ number, filling: 'x'.repeat(1_000) }, 'much');
writeSync(1, 'logged\n');
switch (process.argv[2]) {
  case 'die':
    await exitBySignal('SIGTERM');
    break;
  case 'exit':
    process.exit(3);
    break;
  case 'crash':
    throw new Error('crashed');
  case 'fail':
    process.exitCode = reportStartupError('kit-test', new StartupError('cannot start'));
    break;
  default:
    await once(process.stdin.resume(), 'end');
    writeSync(1, `dropped ${droppedLogLines()}\n`);
}
