import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Authority,
  createAuthority,
  createIdentity,
  createKeyPair,
  type Identity,
} from './certificates.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import type { Layout } from './layout.ts';

/** Every secret of one cluster, as files in its state folder. */
export type Credentials = {
  /** Path of a file of the given name. */
  readonly file: (name: string) => string;
  readonly authority: string;
  readonly admin: Identity;
  /** Writes the kubeconfig of a component and gives its path. */
  readonly kubeconfig: (component: string, user: string, organization?: string) => string;
};

/** Makes the authorities of a cluster and what its API server needs, and the kubeconfig of its administrator. */
export function createCredentials(
  layout: Layout,
  server: string,
  hosts: { readonly apiserver: readonly string[]; readonly kubelet?: readonly string[] },
): Credentials {
  const authority = createAuthority(`${layout.name}-ca`);
  const frontProxy = createAuthority(`${layout.name}-front-proxy-ca`);
  const file = (name: string): string => join(layout.certificates, name);
  const write = (name: string, text: string): void => writeFileSync(file(name), text, { mode: 0o600 });
  const writeIdentity = (name: string, identity: Identity): void => {
    write(`${name}.crt`, identity.certificate);
    write(`${name}.key`, identity.key);
  };
  const issue = (
    from: Authority,
    name: string,
    commonName: string,
    organization?: string,
    names?: readonly string[],
  ): void =>
    writeIdentity(
      name,
      createIdentity(from, organization ? { commonName, organization } : { commonName }, names),
    );

  writeIdentity('ca', authority);
  write('front-proxy-ca.crt', frontProxy.certificate);
  issue(authority, 'apiserver', 'kube-apiserver', undefined, hosts.apiserver);
  issue(authority, 'apiserver-kubelet-client', 'kube-apiserver-kubelet-client', 'system:masters');
  issue(frontProxy, 'front-proxy-client', 'front-proxy-client');
  if (hosts.kubelet) issue(authority, 'kubelet', `system:node:${layout.name}`, 'system:nodes', hosts.kubelet);
  const serviceAccounts = createKeyPair();
  write('service-accounts.key', serviceAccounts.privateKey);
  write('service-accounts.pub', serviceAccounts.publicKey);

  const admin = createIdentity(authority, { commonName: 'paas-admin', organization: 'system:masters' });
  writeKubeconfig(layout.kubeconfig, {
    name: layout.name,
    server,
    authority: authority.certificate,
    identity: admin,
  });
  return {
    file,
    authority: authority.certificate,
    admin,
    kubeconfig: (component, commonName, organization) => {
      const path = file(`${component}.kubeconfig`);
      const identity = createIdentity(
        authority,
        organization ? { commonName, organization } : { commonName },
      );
      writeKubeconfig(path, { name: layout.name, server, authority: authority.certificate, identity });
      return path;
    },
  };
}
