import { currentInstantiationEpoch } from '@hermes/drain-contract';

console.log(currentInstantiationEpoch());
