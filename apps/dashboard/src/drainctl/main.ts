import { runDrainctl } from './cli/run.ts';

process.exitCode = await runDrainctl(process.argv);
