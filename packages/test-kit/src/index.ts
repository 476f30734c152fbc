export { BARE_ENVIRONMENT } from './bare-environment.ts';
export { freeze } from './freeze.ts';
export { lockHolder } from './lock-holder.ts';
export { memoryDirectory } from './memory-directory.ts';
export { type Ended, type ProgramOptions, runProgram, type StartedProgram, startProgram } from './program.ts';
export { isRoot, lacking, runs } from './requirements.ts';
export { SECRET } from './secret.ts';
export { connectAsStranger, STRANGER, type Stranger, type StrangerOptions, startStranger } from './stranger.ts';
export { temporaryDirectory } from './temporary-directory.ts';
