// Boots a container and holds it until this process is killed. Prints: PID 1, its PID namespace, the volume.
import { readlinkSync } from 'node:fs';
import { Container } from '../container.ts';
import { Volume } from '../volume.ts';

const volume = await Volume.create();
const container = await Container.boot({ volume });
const namespace = readlinkSync(`/proc/${container.pid}/ns/pid`);
process.stdout.write(`${JSON.stringify({ pid: container.pid, namespace, volume: volume.path })}\n`);
