import { writeFileSync } from 'node:fs';
import type { Identity } from './certificates.ts';

/** Writes a kubeconfig that carries its certificates in itself, so that it can be copied anywhere. */
export function writeKubeconfig(
  path: string,
  content: {
    /** Name of cluster, user and context. */
    readonly name: string;
    readonly server: string;
    readonly authority: string;
    readonly identity: Identity;
  },
): void {
  const { name, server, authority, identity } = content;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const text = `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
  - name: ${name}
    cluster:
      server: ${server}
      certificate-authority-data: ${base64(authority)}
users:
  - name: ${name}
    user:
      client-certificate-data: ${base64(identity.certificate)}
      client-key-data: ${base64(identity.key)}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
`;
  writeFileSync(path, text, { mode: 0o600 });
}
