/** An ability of the language: what it adds to a plan. A folder under `templates/`. */
export interface Feature {
  readonly name: string;
  readonly description: string;
  /** Templates of the objects that it adds for each component, in the order of their file names. */
  readonly objects: readonly unknown[];
}
