/** log LEVEL: logs a request with secrets in every place where they turn up, then dies without another tick. */
import { createLogger, LOG_LEVELS } from '../../logger.ts';

const logger = createLogger('kit-test', LOG_LEVELS.find((level) => level === process.argv[2]) ?? 'info');
const SECRET = 'hunter2';
logger.info(
  {
    req: { method: 'GET', headers: { authorization: `Bearer ${SECRET}`, host: 'example' } },
    headers: { authorization: `Bearer ${SECRET}` },
    key: SECRET,
    secret: SECRET,
    token: SECRET,
    session: 's-1',
  },
  'first',
);
logger.debug('second');
process.kill(process.pid, 'SIGKILL');
