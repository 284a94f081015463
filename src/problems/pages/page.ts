/** What there is to be said about a kind of problem, beyond the case at hand. */
export interface Page {
  readonly title: string;
  /** Why it is a problem. */
  readonly why: string;
  /** What to do; the most likely first. */
  readonly fix: readonly string[];
  /** A piece of paas.yaml that has the problem, and the same mended. */
  readonly wrong?: string;
  readonly right?: string;
}
