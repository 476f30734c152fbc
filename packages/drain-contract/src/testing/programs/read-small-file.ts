/** read-small-file PATH [UID]: prints what it saw at the path, bytes as their number. */
import { readSmallFile } from '../../files/read.ts';
import { dropTo } from './drop-to.ts';

const [path = '', uid] = process.argv.slice(2);
dropTo(uid);
const sighting = readSmallFile(path);
console.log(JSON.stringify(sighting.kind === 'bytes' ? { kind: 'bytes', length: sighting.bytes.length } : sighting));
