/** Browsers that our pages run in: those that know `light-dark()`, `<dialog>` and streams of fetch. */
export const BROWSERS = ['chrome123', 'firefox120', 'safari17.5'];
