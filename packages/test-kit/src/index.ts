export { lockHolder } from './lock-holder.ts';
export { memoryDirectory } from './memory-directory.ts';
export { isRoot, lacking, runs } from './requirements.ts';
