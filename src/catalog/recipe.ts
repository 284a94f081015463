/** How sources of one runtime become an image: a folder with recipe.yaml and Dockerfile templates. */
export interface Recipe {
  /** The runtime's name. */
  readonly name: string;
  readonly description: string;
  /** Of the runtime, where the source asks for none. */
  readonly version: string;
  /** Images to build on, with `{version}` in them. */
  readonly base: {
    readonly build: string;
    readonly run: string;
    /** The runtime whose build image this is, where it is another one's. */
    readonly build_of?: string;
  };
  /** Tools that bring a build image of their own. */
  readonly tools: Readonly<Record<string, { readonly build: string }>>;
  readonly port: number;
  readonly command: readonly string[] | undefined;
  /** The shell line that builds, where the source says none. */
  readonly build: string | undefined;
  readonly output: string | undefined;
  /** Where the output lies in the image, when that is another place: a command that names the output means it. */
  readonly output_to: string | undefined;
  /** Frameworks that it can't run, whatever it makes of them, unless the source says what starts. */
  readonly refuses: readonly string[];
  /** Programs of other runtimes that its build image lacks: a build that begins with one can't work. */
  readonly lacks: readonly string[];
  /** Frameworks of which every address is answered by one page. */
  readonly single_page: readonly string[];
  /** What never comes into the build, in the form of .dockerignore. */
  readonly ignore: readonly string[];
  readonly assembly: Assembly | undefined;
  /** Templates by tool; `''` is that of every other one. */
  readonly dockerfiles: Readonly<Record<string, string>>;
  /** Other files of the folder, which templates put into the image. */
  readonly files: Readonly<Record<string, string>>;
}

/** What it takes to put an image together from files alone. `{version}` and `{output}` may stand in its texts, `{port}` in `env`. */
export interface Assembly {
  readonly base: string;
  /** Patterns of files that must be there: without them something has to be built first. */
  readonly when: readonly string[];
  /** What makes them, as a shell line: it is told where they are missing. `{build}` is what builds the source. */
  readonly prepare?: string;
  /** From the bottom up: what changes most comes last. */
  readonly layers: readonly AssemblyLayer[];
  readonly working_dir?: string;
  /** Where the source says none. */
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface AssemblyLayer {
  /** A path in the source. */
  readonly from?: string;
  /** Or a file of the recipe's folder. */
  readonly recipe_file?: string;
  readonly to: string;
  readonly exclude?: readonly string[];
  /** A folder in `from` with programs of Python, whose first line says where Python is on the machine that installed them. */
  readonly python_programs?: string;
}
