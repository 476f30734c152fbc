export { isRoot, lacking, runs } from './requirements.ts';
