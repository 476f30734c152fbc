/** Which manager and which files. */
export interface ServiceFlags {
  readonly user: boolean;
  readonly json: boolean;
}

export interface InstallFlags extends ServiceFlags {
  readonly home?: string;
  readonly runAs?: string;
  readonly dashboard: boolean;
  readonly isolation: boolean;
  readonly root?: string;
  readonly dryRun: boolean;
  readonly force: boolean;
}
