import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { checkDependencies } from '../../src/images/check-dependencies.ts';
import { reports } from '../../src/images/dependencies/read-audit.ts';
import { test } from '../support/app.ts';
import { root } from '../support/paas.ts';
import { writeFiles } from './build-project.ts';

const never = new AbortController().signal;

const npmLock = (ranges: object): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies: ranges } } });

interface Case {
  readonly name: string;
  readonly tool: string;
  readonly files: Readonly<Record<string, string>>;
  readonly code?: string;
  readonly says?: RegExp;
}

const pyproject = `[project]
name = "shop"
dependencies = [
  "Flask[async]>=3",
  "psycopg-binary",
]

[tool.other]
dependencies = ["nothing"]
`;

const composerJson =
  '{"name": "example/shop", "require": {"php": ">=8.1", "monolog/monolog": "^3.0"}, "extra": {}}';

const cases: readonly Case[] = [
  {
    name: 'npm: another range',
    tool: 'npm',
    files: {
      'package.json': '{"dependencies": {"ms": "^2.1.0"}}',
      'package-lock.json': npmLock({ ms: '^2.0.0' }),
    },
    code: 'lock-out-of-step',
    says: /ms: \^2\.1\.0 in package\.json, \^2\.0\.0 in package-lock\.json/,
  },
  {
    name: 'npm: one more',
    tool: 'npm',
    files: {
      'package.json': '{"dependencies": {"ms": "2"}, "devDependencies": {"vite": "7"}}',
      'package-lock.json': npmLock({ ms: '2' }),
    },
    code: 'lock-out-of-step',
    says: /vite: not in package-lock\.json as 7/,
  },
  {
    name: 'npm: one that is gone',
    tool: 'npm',
    files: { 'package.json': '{}', 'package-lock.json': npmLock({ ms: '2' }) },
    code: 'lock-out-of-step',
    says: /ms: not in package\.json any more/,
  },
  {
    name: 'npm: in step',
    tool: 'npm',
    files: { 'package.json': '{"dependencies": {"ms": "2"}}', 'package-lock.json': npmLock({ ms: '2' }) },
  },
  {
    name: 'npm: no lock file',
    tool: 'npm',
    files: { 'package.json': '{"dependencies": {"ms": "2"}}' },
    code: 'lock-missing',
  },
  { name: 'npm: no dependencies, no lock file', tool: 'npm', files: { 'package.json': '{}' } },
  {
    name: 'pnpm: another range',
    tool: 'pnpm',
    files: {
      'package.json': '{"dependencies": {"ms": "^2.1.0"}}',
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ms:\n        specifier: ^2.0.0\n        version: 2.0.0\n",
    },
    code: 'lock-out-of-step',
  },
  {
    name: 'yarn 1 and its in-step entries',
    tool: 'yarn',
    files: {
      'package.json': '{"dependencies": {"ms": "^2.1.0", "local": "file:../local"}}',
      'yarn.lock': '# yarn lockfile v1\n\nms@^2.0.0, ms@^2.1.0:\n  version "2.1.3"\n',
    },
  },
  {
    name: 'yarn 4: another range',
    tool: 'yarn',
    files: {
      'package.json': '{"dependencies": {"ms": "^2.1.0"}}',
      'yarn.lock': '"ms@npm:^2.0.0":\n  version: 2.1.3\n',
    },
    code: 'lock-out-of-step',
  },
  {
    name: 'bundler: a gem that is not locked',
    tool: 'bundler',
    files: {
      Gemfile: 'source "https://rubygems.org"\ngem "rack"\ngem "puma", "~> 6.0"\n',
      'Gemfile.lock':
        'GEM\n  specs:\n    rack (3.0.0)\n\nDEPENDENCIES\n  rack (~> 3.0)\n\nBUNDLED WITH\n  2.5.0\n',
    },
    code: 'lock-out-of-step',
    says: /puma/,
  },
  {
    name: 'composer: in step',
    tool: 'composer',
    // The way of taking the hash gives that of composer's own repository.
    files: {
      'composer.json': composerJson,
      'composer.lock':
        '{"content-hash": "92f7a752c48734bc1384c18196b785b5", "packages": [{"name": "monolog/monolog"}]}',
    },
  },
  {
    name: 'composer: another hash, and a package that is not locked',
    tool: 'composer',
    files: { 'composer.json': composerJson, 'composer.lock': '{"content-hash": "HASH", "packages": []}' },
    code: 'lock-out-of-step',
  },
  {
    name: 'poetry: a package that is not locked',
    tool: 'poetry',
    files: {
      'pyproject.toml':
        '[tool.poetry.dependencies]\npython = "^3.11"\nFlask = "^3"\n"zope.interface" = "*"\n',
      'poetry.lock': '[[package]]\nname = "flask"\nversion = "3.1.0"\n',
    },
    code: 'lock-out-of-step',
    says: /zope-interface/,
  },
  {
    name: 'uv: in step, names in any form',
    tool: 'uv',
    files: {
      'pyproject.toml': pyproject,
      'uv.lock': 'version = 1\n\n[[package]]\nname = "flask"\n\n[[package]]\nname = "psycopg-binary"\n',
    },
  },
  {
    name: 'uv: not locked',
    tool: 'uv',
    files: { 'pyproject.toml': pyproject, 'uv.lock': 'version = 1\n\n[[package]]\nname = "flask"\n' },
    code: 'lock-out-of-step',
    says: /psycopg-binary/,
  },
  {
    name: 'pip: open versions',
    tool: 'pip',
    files: { 'requirements.txt': 'flask>=3\ngunicorn==23.0.0\n' },
    code: 'lock-missing',
  },
  {
    name: 'pip: exact versions',
    tool: 'pip',
    files: { 'requirements.txt': '# ours\n-r base.txt\nflask==3.1.0 \\\n  --hash=sha256:abc\n' },
  },
  {
    name: 'go: a module without its sum',
    tool: 'go',
    files: {
      'go.mod': 'module example.com/shop\n\ngo 1.24\n\nrequire golang.org/x/text v0.21.0\n',
      'go.sum': 'golang.org/x/text v0.20.0/go.mod h1:x=\n',
    },
    code: 'lock-out-of-step',
    says: /golang\.org\/x\/text: not in go\.sum as v0\.21\.0/,
  },
  {
    name: 'go: in step, with a replaced module',
    tool: 'go',
    files: {
      'go.mod':
        'module example.com/shop\n\ngo 1.24\n\nrequire (\n\tgolang.org/x/text v0.21.0\n\texample.com/own v1.0.0 // indirect\n)\n\nreplace example.com/own => ./own\n',
      'go.sum': 'golang.org/x/text v0.21.0 h1:y=\ngolang.org/x/text v0.21.0/go.mod h1:x=\n',
    },
  },
  {
    name: 'uv: conditions and comments are no packages',
    tool: 'uv',
    files: {
      'pyproject.toml': `[project]
name = "shop"
dependencies = [
  "tomli>=2; python_version < '3.11'", # not "needed" any more
  # "old",
  'uvicorn[standard]; sys_platform != "win32"',
  "shop[extras]",
]
`,
      'uv.lock': '[[package]]\nname = "tomli"\n\n[[package]]\nname = "uvicorn"\n',
    },
  },
  {
    name: 'poetry: project.dependencies in one line, with conditions',
    tool: 'poetry',
    files: {
      'pyproject.toml':
        '[project]\nname = "shop"\ndependencies = ["flask (>=3,<4) ; python_version >= \'3.9\'", "redis"]\n',
      'poetry.lock': '[[package]]\nname = "flask"\n',
    },
    code: 'lock-out-of-step',
    says: /^redis: [^\n]*$/,
  },
  {
    name: 'bundler: conditions and blocks, in files with Windows line ends',
    tool: 'bundler',
    files: {
      Gemfile:
        'gem "rack"\r\ngem "wdm" if Gem.win_platform?\r\ngem "ffi",\r\n  "~> 1.0" unless ENV["CI"]\r\nplatforms :jruby do\r\ngem "jdbc"\r\nend\r\ngem "puma" # if you like\r\n',
      'Gemfile.lock': 'DEPENDENCIES\r\n  puma\r\n  rack (~> 3.0)\r\n\r\nBUNDLED WITH\r\n   2.5.0\r\n',
    },
  },
  {
    name: 'bundler: a gem after a block is looked at',
    tool: 'bundler',
    files: {
      Gemfile: 'group :development do |one|\n  gem "pry"\nend\nif true\n  gem "x"\nend\ngem "puma"\n',
      'Gemfile.lock': 'DEPENDENCIES\n  pry\n',
    },
    code: 'lock-out-of-step',
    says: /^puma: [^\n]*$/,
  },
  {
    name: 'pnpm: what overrides are about has another range in the lock file',
    tool: 'pnpm',
    files: {
      'package.json':
        '{"dependencies": {"ms": "^2.1.0", "@scope/a": "^1", "debug": "^4"}, "pnpm": {"overrides": {"ms@2": "2.0.0", "debug>ms": "1"}}}',
      'pnpm-workspace.yaml': 'overrides:\n  "@scope/a": 1.5.0\n',
      'pnpm-lock.yaml':
        "importers:\n  .:\n    dependencies:\n      ms:\n        specifier: 2.0.0\n      '@scope/a':\n        specifier: 1.5.0\n      debug:\n        specifier: ^3\n",
    },
    code: 'lock-out-of-step',
    says: /^debug: [^\n]*$/,
  },
  {
    name: 'yarn: what resolutions are about has another range in the lock file',
    tool: 'yarn',
    files: {
      'package.json': '{"dependencies": {"ms": "^2.1.0"}, "resolutions": {"ms": "2.0.0"}}',
      'yarn.lock': '"ms@npm:2.0.0":\n  version: 2.0.0\n',
    },
  },
  {
    name: 'go: what is excluded or retracted is not required',
    tool: 'go',
    files: {
      'go.mod':
        'module example.com/shop\n\ngo 1.24\n\nrequire golang.org/x/text v0.21.0\n\nexclude (\n\tgolang.org/x/text v0.19.0\n\tgolang.org/x/net v0.1.0 // broken\n)\n\nexclude golang.org/x/sys v0.1.0\n\nretract (\n\tv1.0.0\n)\n',
      'go.sum': 'golang.org/x/text v0.21.0/go.mod h1:x=\n',
    },
  },
];

describe('the lock file and its manifest', () => {
  test.concurrent.for(cases)('$name', async ({ tool, files, code, says }, { makeFolder }) => {
    const folder = makeFolder();
    writeFiles(folder, files);
    const { problems, warnings } = await checkDependencies(folder, tool, never);
    const said = [...problems, ...warnings].filter((problem) => problem.code.startsWith('lock-'));
    expect(said.map((problem) => problem.code)).toEqual(code ? [code] : []);
    if (says) expect(said[0]!.details?.join('\n')).toMatch(says);
    // A missing lock file is said and stops nothing.
    expect(problems.every((problem) => problem.code === 'lock-out-of-step')).toBe(true);
  });

  test.for(['node', 'go', 'ruby'] as const)('of the project %s is in step', async (name) => {
    const tool = { node: 'npm', go: 'go', ruby: 'bundler' }[name];
    const { problems } = await checkDependencies(join(root, 'test/e2e/projects', name), tool, never);
    expect(problems).toEqual([]);
  });
});

describe('the audit of', () => {
  test('a tool that is not installed or gets no answer: said, and not taken for nothing found', async ({
    makeFolder,
  }) => {
    const folder = makeFolder();
    writeFiles(folder, { Gemfile: '' });
    expect((await checkDependencies(folder, 'bundler', never)).audit).toEqual({
      asked: false,
      why: 'bundle-audit is not installed',
    });
  });

  test('npm: advisories, not the packages that only bring them', () => {
    const advisory = {
      name: 'lodash',
      title: 'Prototype pollution',
      url: 'https://github.com/advisories/GHSA-p6mc-m468-83gw',
      severity: 'high',
      range: '<4.17.19',
    };
    const report = {
      vulnerabilities: {
        lodash: { name: 'lodash', via: [advisory], fixAvailable: { name: 'lodash', version: '4.17.21' } },
        other: { name: 'other', via: ['lodash'], fixAvailable: true },
      },
    };
    expect(reports.npm(report)).toEqual([
      {
        package: 'lodash',
        version: undefined,
        severity: 'high',
        title: 'Prototype pollution',
        fixed: '4.17.21',
        advisory: 'https://github.com/advisories/GHSA-p6mc-m468-83gw',
      },
    ]);
    expect(reports.npm({ error: { code: 'E405' } })).toBeUndefined();
  });
});
