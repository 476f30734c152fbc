/** It generates types with the classic compiler API, which TypeScript 7 no longer has. */
function ownTypeScript(manifest) {
  if (manifest.name !== 'openapi-typescript') return manifest;
  const { typescript: _, ...peerDependencies } = manifest.peerDependencies;
  return { ...manifest, peerDependencies, dependencies: { ...manifest.dependencies, typescript: '6.0.3' } };
}

export const hooks = { readPackage: ownTypeScript };
