// How changesets writes a changelog: the text of each changeset as it is, as an item of a list. Commits say nothing to the
// users of a package, nor does a list of our own packages: all of them have the same version.

/** @type {import('@changesets/types').ChangelogFunctions} */
const changelogFunctions = {
  getReleaseLine: async ({ summary }) => `- ${indented(summary.trim())}`,
  // Without a line of its own, a package gets "No changes in this release.".
  getDependencyReleaseLine: async () => '',
};

/** @param {string} text */
function indented(text) {
  return text.replaceAll(/\n(?=[^\n])/g, '\n  ');
}

export default changelogFunctions;
