import { dropServiceLinks } from '@hermes/drain-contract';
import { runDrainctl } from './cli/run.ts';

const links = dropServiceLinks(process.env);
if (links !== undefined) process.stderr.write(`drainctl: ${links}\n`);

process.exitCode = await runDrainctl(process.argv);
