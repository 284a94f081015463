/** Which app is meant: its file, and what stands around it. */
export interface AppFile {
  readonly file: string;
  readonly env: string | undefined;
  readonly cwd: string;
  /** The platform team's file, where there is one. */
  readonly platform?: string | undefined;
  /** The folder of one feature that is tried out: it and the built-in ones hold, and no others. */
  readonly feature?: string | undefined;
}
