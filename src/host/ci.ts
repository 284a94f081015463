/** The CI system that runs this, and what of it belongs into a release. */
export interface Ci {
  readonly name: string;
  /** Where the run can be looked at. */
  readonly url?: string;
  /** Who started it. */
  readonly actor?: string;
  /** What was checked out, where the system says it. */
  readonly revision?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

interface System {
  readonly name: string;
  /** The variable that only it sets. */
  readonly known: string;
  readonly url: (env: Variables) => string | undefined;
  readonly actor?: string;
  readonly revision?: string;
}

/** The closest first; `CI` alone is set by nearly all of them. Sources: each system's list of predefined variables. */
const systems: readonly System[] = [
  {
    name: 'GitHub Actions',
    known: 'GITHUB_ACTIONS',
    url: ({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }) =>
      GITHUB_REPOSITORY && GITHUB_RUN_ID
        ? `${GITHUB_SERVER_URL ?? 'https://github.com'}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
        : undefined,
    actor: 'GITHUB_ACTOR',
    revision: 'GITHUB_SHA',
  },
  {
    name: 'GitLab CI',
    known: 'GITLAB_CI',
    url: ({ CI_JOB_URL, CI_PIPELINE_URL }) => CI_JOB_URL ?? CI_PIPELINE_URL,
    actor: 'GITLAB_USER_LOGIN',
    revision: 'CI_COMMIT_SHA',
  },
  {
    name: 'Jenkins',
    known: 'JENKINS_URL',
    url: ({ BUILD_URL }) => BUILD_URL,
    actor: 'BUILD_USER_ID',
    revision: 'GIT_COMMIT',
  },
  { name: 'CI', known: 'CI', url: () => undefined },
];

/** The CI system whose variables these are; undefined outside of one. */
export function readCi(env: Variables): Ci | undefined {
  const system = systems.find(({ known }) => isSet(env[known]));
  if (!system) return undefined;
  const url = system.url(env);
  const [actor, revision] = [system.actor, system.revision].map((name) => name && env[name]);
  return {
    name: system.name,
    ...(url && URL.canParse(url) && { url: withoutLogin(url) }),
    ...(actor && { actor }),
    ...(revision && { revision }),
  };
}

/** A variable that is there and doesn't say no. */
const isSet = (value: string | undefined): boolean => !['', 'false', '0', undefined].includes(value);

/** What is recorded is read by others. */
function withoutLogin(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}
