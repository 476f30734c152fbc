// Boots a container and holds it until this process is killed. Prints its PID 1 and its volume.
import { Container } from '../container.ts';
import { Volume } from '../volume.ts';

const volume = await Volume.create();
const container = await Container.boot({ volume });
process.stdout.write(`${JSON.stringify({ pid: container.pid, volume: volume.path })}\n`);
