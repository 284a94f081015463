/** A text can't be read as what it should be. The message says what is expected. */
export class LiteralError extends Error {
  /** What the person most likely meant. */
  readonly meant: string | undefined;
  readonly hint: string | undefined;

  constructor(expected: string, about: { meant?: string | undefined; hint?: string | undefined } = {}) {
    super(expected);
    this.meant = about.meant;
    this.hint = about.hint;
  }
}
