/**
 * The oldest Node that what we publish runs on, as the bundlers name it. It is also in `engines` of each package and in
 * `bin/`, which runs on any Node; a test compares them.
 */
export const LOWEST_NODE = 'node22.13';
