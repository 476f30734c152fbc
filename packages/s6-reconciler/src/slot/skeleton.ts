/** A directory or FIFO that s6-supervise finds ready and therefore uses as it is. Paths are relative to the slot. */
export interface SkeletonPart {
  readonly path: string;
  readonly mode: number;
}

/** s6-ftrig keeps its FIFOs in these: the group may listen, and no user may remove the FIFO of another. */
const EVENT_MODE = 0o3730;

/** Everybody may look at the status. */
const SUPERVISE_MODE = 0o755;

/** The mode of a slot's own directories, and of its logger's. */
export const DIRECTORY_MODE = 0o755;

/** The owner gives the commands. */
export const CONTROL_MODE = 0o660;

/** The service and its logger are supervised each. */
const SUPERVISED = ['', 'log/'];

/** The directories of the supervise skeleton, parents first. */
export const SKELETON_DIRECTORIES: readonly SkeletonPart[] = SUPERVISED.flatMap((of) => [
  { path: `${of}event`, mode: EVENT_MODE },
  { path: `${of}supervise`, mode: SUPERVISE_MODE },
  { path: `${of}supervise/event`, mode: EVENT_MODE },
]);

/** The FIFOs of the supervise skeleton, all of mode {@link CONTROL_MODE}. */
export const SKELETON_FIFOS: readonly string[] = SUPERVISED.map((of) => `${of}supervise/control`);
