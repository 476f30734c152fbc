import { fileURLToPath } from 'node:url';

/** The directory of the built chat page. This file and the bundle are both one level below the package. */
export const PAGE = fileURLToPath(new URL('../dist/page', import.meta.url));
