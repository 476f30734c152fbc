// The process of a registry: takes its configuration as its first message, answers with the port, ends with its parent.
import { once } from 'node:events';
import { runServer } from 'verdaccio';

process.on('disconnect', () => process.exit());
const [configuration] = await once(process, 'message');
const server = await runServer(configuration);
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
