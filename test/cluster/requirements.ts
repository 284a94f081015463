import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hierarchies } from './cgroup.ts';
import { debianFolder } from './debian.ts';
import { partsAreCached } from './parts.ts';

/** Thrown when this machine can't run what was asked for; says everything that is missing at once. */
export class MissingRequirements extends Error {
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`this machine can't run the cluster; missing:\n${missing.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'MissingRequirements';
    this.missing = missing;
  }
}

/** What this machine lacks, in words. Empty when all is there. The folder is for trials, and removed again. */
export function missingRequirements(controlPlaneOnly: boolean, folder: string): string[] {
  const missing: string[] = [];
  const need = (there: boolean, words: string): void => {
    if (!there) missing.push(words);
  };
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets) {
    for (const program of ['etcd', 'kube-apiserver', 'kubectl']) {
      need(existsSync(join(assets, program)), `${program} in KUBEBUILDER_ASSETS (${assets})`);
    }
  }
  need(
    partsAreCached(controlPlaneOnly) || works('go', ['version']),
    'Go, to build Kubernetes once (https://go.dev/dl)',
  );
  if (controlPlaneOnly) return missing;

  if (process.platform !== 'linux') {
    return [...missing, `Linux: pods don't run on ${process.platform} (--control-plane does)`];
  }
  if (process.getuid?.() !== 0) {
    return [...missing, 'root: pods need it here (--control-plane does not)'];
  }
  for (const program of ['ip', 'unshare', 'nsenter', 'mount']) {
    need(
      works('sh', ['-c', `command -v ${program}`]),
      `the program ${program} (apt-get install iproute2 util-linux mount)`,
    );
  }
  if (!existsSync(debianFolder())) {
    const tools = works('apt-get', ['--version']) && works('dpkg-deb', ['--version']);
    need(tools, 'apt-get and dpkg-deb, to get containerd from Debian');
  }
  need(
    works('unshare', ['--mount', '--net', '--pid', '--fork', 'true']),
    'the right to make mount, network and process namespaces (a container needs --privileged)',
  );
  need(canOverlay(folder), `overlayfs under ${dirname(folder)} (inside a container, mount a volume there)`);
  need(canMakeLinks(), 'the right and kernel support to make veth links (a container needs --privileged)');
  need(hierarchies().length > 0, 'cgroups at /sys/fs/cgroup');
  for (const folder of hierarchies()) {
    need(isWritable(folder), `the right to make cgroups in ${folder} (a container needs --privileged)`);
  }
  return missing;
}

function works(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Tries it for real: no flag of the kernel tells whether the file system below can carry an overlay. */
function canOverlay(folder: string): boolean {
  try {
    for (const name of ['lower', 'upper', 'work', 'merged'])
      mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    const options = `lowerdir=${folder}/lower,upperdir=${folder}/upper,workdir=${folder}/work`;
    return works('unshare', [
      '--mount',
      'mount',
      '-t',
      'overlay',
      'overlay',
      '-o',
      options,
      `${folder}/merged`,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a network of its own, so that the trial touches nothing. */
function canMakeLinks(): boolean {
  return works('unshare', ['--net', 'ip', 'link', 'add', 'trial0', 'type', 'veth', 'peer', 'name', 'trial1']);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
