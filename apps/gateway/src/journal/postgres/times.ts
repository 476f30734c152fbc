/** Times of a fleet, in ms. */
export interface FleetTimes {
  /** Interval of the signs of life. */
  readonly renewal: number;
  /** A gateway without a sign of life for this long is frozen: another one takes over. */
  readonly frozen: number;
  /** How long a gateway keeps its turns running while it cannot reach the database. */
  readonly hold: number;
  /** How long nobody takes over after a restart of the database, or after many gateways vanished together. */
  readonly grace: number;
  /** How long a vanished gateway has to come back before another one takes over. */
  readonly settle: number;
  /** Interval of the search for turns of gateways that are gone. */
  readonly sweep: number;
  /** First and longest wait between two tries to connect. */
  readonly firstRetry: number;
  readonly lastRetry: number;
}

export const FLEET_TIMES: FleetTimes = {
  renewal: 3_000,
  frozen: 15_000,
  hold: 5_000,
  grace: 10_000,
  settle: 100,
  sweep: 2_000,
  firstRetry: 100,
  lastRetry: 2_000,
};
