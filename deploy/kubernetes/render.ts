import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderFiles } from './manifests/files.ts';

// Writes the manifests: node deploy/kubernetes/render.ts
for (const [path, text] of renderFiles()) {
  const file = fileURLToPath(new URL(path, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
