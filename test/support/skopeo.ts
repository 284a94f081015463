import { join } from 'node:path';
import { execa } from 'execa';
import { debianEnvironment, fetchDebian } from '../cluster/debian.ts';

/** skopeo, as a witness: a program that reads images and knows nothing of this one. Gives what it prints. */
export async function skopeo(...args: readonly string[]): Promise<string> {
  const folder = await fetchDebian(() => {}, undefined, {
    programs: ['skopeo'],
    libraries: ['libgpgme11', 'libassuan0', 'libgpg-error0', 'libdevmapper1.02.1'],
  });
  const env = debianEnvironment(folder);
  // No policy is installed with it: everything may be read.
  const { stdout } = await execa(join(folder, 'usr/bin/skopeo'), ['--insecure-policy', ...args], { env });
  return stdout;
}
