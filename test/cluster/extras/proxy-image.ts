import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianFiles, debianFolder, fetchDebian, IPTABLES } from '../debian.ts';
import type { Image, ImageFile } from '../image.ts';
import type { Site } from './site.ts';

/** glibc, for programs that aren't static. */
const GLIBC = { programs: ['libc6'], libraries: [] };

/**
 * The image of Istio's proxy, for gateways and sidecars: its agent, Envoy with the C library, and the iptables by
 * which a sidecar gets at a pod's traffic.
 */
export async function proxyImage(
  site: Site,
  programs: { readonly agent: string; readonly envoy: string; readonly bootstrap: string },
): Promise<Image> {
  const glibc = await fetchDebian(site.onProgress, site.signal, GLIBC);
  const node = debianFolder();
  const program = (path: string, from: string): ImageFile => ({ path, content: readFileSync(from) });
  return {
    files: [
      program('/usr/local/bin/pilot-agent', programs.agent),
      // istioctl runs it by its name alone.
      { path: '/usr/bin/pilot-agent', linkTo: '/usr/local/bin/pilot-agent' },
      program('/usr/local/bin/envoy', programs.envoy),
      program('/var/lib/istio/envoy/envoy_bootstrap_tmpl.json', programs.bootstrap),
      ...debianFiles(glibc, 'lib64'),
      ...debianFiles(glibc, 'lib'),
      ...debianFiles(node, 'usr/lib').filter(({ path }) =>
        /lib(xtables|mnl|nftnl)\.so|\/xtables\//.test(path),
      ),
      program('/usr/bin/xtables-nft-multi', join(node, 'usr/sbin/xtables-nft-multi')),
      ...IPTABLES.map((name) => ({ path: `/usr/bin/${name}`, linkTo: 'xtables-nft-multi' })),
    ],
    entrypoint: ['/usr/local/bin/pilot-agent'],
    user: '1337:1337',
  };
}
