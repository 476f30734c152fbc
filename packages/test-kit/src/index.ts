export { memoryDirectory } from './memory-directory.ts';
export { replaceInFs } from './replace-in-fs.ts';
export { isRoot, lacking, runs } from './requirements.ts';
