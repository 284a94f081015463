/** A text can't be read as what it should be. The message says what is expected. */
export class LiteralError extends Error {
  readonly hint: string | undefined;
  private readonly guess: string | (() => string | undefined) | undefined;

  constructor(
    expected: string,
    about: {
      /** What the person most likely meant; a function where it takes long to find. */
      meant?: string | (() => string | undefined) | undefined;
      hint?: string | undefined;
    } = {},
  ) {
    super(expected);
    this.guess = about.meant;
    this.hint = about.hint;
  }

  get meant(): string | undefined {
    return typeof this.guess === 'function' ? this.guess() : this.guess;
  }
}
