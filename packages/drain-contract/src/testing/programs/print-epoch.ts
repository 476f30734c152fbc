import { currentInstantiationEpoch } from '../../epoch/epoch.ts';

console.log(JSON.stringify(currentInstantiationEpoch()));
