import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../pages.ts';
import { generatedPages } from './generated.ts';

for (const [page, text] of Object.entries(await generatedPages())) writeFileSync(join(ROOT, page), text);
