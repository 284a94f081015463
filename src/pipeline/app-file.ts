/** Which app is meant: its file, and what stands around it. */
export interface AppFile {
  readonly file: string;
  readonly env: string | undefined;
  readonly cwd: string;
  /** The platform team's file, where there is one. */
  readonly platform?: string | undefined;
  /** The folder of one feature that is tried out: it and the built-in ones hold, and no others. */
  readonly feature?: string | undefined;
  /** Images in place of what the file says, as `--image` has them: `web=registry.example.com/shop:1.4`. */
  readonly images?: readonly string[] | undefined;
}
