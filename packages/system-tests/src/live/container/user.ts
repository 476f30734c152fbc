/** The unprivileged user of the image, and its group. */
export const HERMES_UID = 10_000;
