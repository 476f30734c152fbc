/** It generates types with the classic compiler API, which TypeScript 7 no longer has. */
function ownTypeScript(manifest) {
  if (manifest.name !== 'openapi-typescript') return manifest;
  const { typescript: _, ...peerDependencies } = manifest.peerDependencies;
  return { ...manifest, peerDependencies, dependencies: { ...manifest.dependencies, typescript: '6.0.3' } };
}

/** It brings a package whose only work is to report each installation to a server. */
function withoutReports(manifest) {
  if (manifest.name !== 'swagger-ui-dist') return manifest;
  const { '@scarf/scarf': _, ...dependencies } = manifest.dependencies;
  return { ...manifest, dependencies };
}

export const hooks = { readPackage: (manifest) => withoutReports(ownTypeScript(manifest)) };
