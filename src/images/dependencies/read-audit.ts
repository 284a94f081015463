// What the audits of package managers say, in one form.

export type Severity = 'critical' | 'high' | 'moderate' | 'low' | 'unknown';

/** A version among the dependencies that is known to be bad. */
export interface Finding {
  readonly package: string;
  /** Where the report tells it. */
  readonly version: string | undefined;
  readonly severity: Severity;
  readonly title: string;
  /** The version, or the range, that mends it. */
  readonly fixed: string | undefined;
  readonly advisory: string | undefined;
}

export type Report = 'npm' | 'pnpm' | 'pip' | 'bundler' | 'composer';

interface NpmReport {
  readonly vulnerabilities?: Readonly<
    Record<
      string,
      {
        readonly name: string;
        /** An advisory, or the name of the package that brings it. */
        readonly via: readonly (
          | string
          | { name?: string; severity?: string; title?: string; url?: string; range?: string }
        )[];
        readonly fixAvailable?: boolean | { readonly version?: string };
      }
    >
  >;
}

interface PnpmReport {
  readonly advisories?: Readonly<
    Record<
      string,
      {
        readonly module_name: string;
        readonly findings?: readonly { readonly version?: string }[];
        readonly severity?: string;
        readonly title?: string;
        readonly patched_versions?: string;
        readonly url?: string;
      }
    >
  >;
}

interface PipReport {
  readonly dependencies?: readonly {
    readonly name: string;
    readonly version?: string;
    readonly vulns?: readonly { readonly id: string; readonly fix_versions?: readonly string[] }[];
  }[];
}

interface BundlerReport {
  readonly results?: readonly {
    readonly type: string;
    readonly gem: { readonly name: string; readonly version: string };
    readonly advisory: {
      readonly criticality?: string;
      readonly title?: string;
      readonly patched_versions?: readonly string[];
      readonly url?: string;
    };
  }[];
}

interface ComposerReport {
  readonly advisories?: Readonly<
    Record<
      string,
      | readonly ComposerAdvisory[]
      // PHP writes a list with gaps as a map.
      | Readonly<Record<string, ComposerAdvisory>>
    >
  >;
}

interface ComposerAdvisory {
  readonly severity?: string;
  readonly title?: string;
  readonly affectedVersions?: string;
  readonly link?: string;
}

/** npm 7 and later: `vulnerabilities` by package, `via` the advisories. */
const npm = ({ vulnerabilities }: NpmReport): Finding[] | undefined =>
  vulnerabilities &&
  Object.values(vulnerabilities).flatMap(({ name, via, fixAvailable }) =>
    via
      .filter((one) => typeof one !== 'string')
      .map((one) => ({
        package: one.name ?? name,
        version: undefined,
        severity: severityOf(one.severity),
        title: one.title ?? '',
        fixed:
          (typeof fixAvailable === 'object' ? fixAvailable.version : undefined) ??
          (one.range && `outside of ${one.range}`),
        advisory: one.url,
      })),
  );

/** pnpm: `advisories` by number. */
const pnpm = ({ advisories }: PnpmReport): Finding[] | undefined =>
  advisories &&
  Object.values(advisories).map((one) => ({
    package: one.module_name,
    version: one.findings?.[0]?.version,
    severity: severityOf(one.severity),
    title: one.title ?? '',
    fixed: one.patched_versions,
    advisory: one.url,
  }));

/** pip-audit: it tells no severity. */
const pip = ({ dependencies }: PipReport): Finding[] | undefined =>
  dependencies?.flatMap(({ name, version, vulns = [] }) =>
    vulns.map(({ id, fix_versions }) => ({
      package: name,
      version,
      severity: 'unknown' as const,
      title: id,
      fixed: fix_versions?.[0],
      advisory: `https://osv.dev/vulnerability/${id}`,
    })),
  );

const bundler = ({ results }: BundlerReport): Finding[] | undefined =>
  results
    ?.filter(({ type }) => type === 'unpatched_gem')
    .map(({ gem, advisory }) => ({
      package: gem.name,
      version: gem.version,
      severity: severityOf(advisory.criticality),
      title: advisory.title ?? '',
      fixed: advisory.patched_versions?.[0],
      advisory: advisory.url,
    }));

const composer = ({ advisories }: ComposerReport): Finding[] | undefined =>
  advisories &&
  Object.entries(advisories).flatMap(([name, all]) =>
    Object.values<ComposerAdvisory>(all as Record<string, ComposerAdvisory>).map((one) => ({
      package: name,
      version: undefined,
      severity: severityOf(one.severity),
      title: one.title ?? '',
      fixed: one.affectedVersions && `outside of ${one.affectedVersions}`,
      advisory: one.link,
    })),
  );

/** Reads a report; undefined where it is none. */
export const reports: Readonly<Record<Report, (report: object) => Finding[] | undefined>> = {
  npm,
  pnpm,
  pip,
  bundler,
  composer,
};

function severityOf(said: string | undefined): Severity {
  if (said === 'medium') return 'moderate';
  return said === 'critical' || said === 'high' || said === 'moderate' || said === 'low' ? said : 'unknown';
}
