import { createHash } from 'node:crypto';

/**
 * Container images from nothing but files. A static program needs no base image, so an image is a tar of one
 * file, a description of how to start it, and a list of the two; and pushing it is five kinds of request.
 */

/** A file, folder or link in an image. Paths are absolute. */
export type ImageFile = {
  readonly path: string;
  readonly mode?: number;
  readonly content?: Buffer;
  readonly linkTo?: string;
};

export type Image = {
  readonly files: readonly ImageFile[];
  readonly entrypoint: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Numeric, since an image without /etc/passwd knows no names, and Kubernetes can check a number only. */
  readonly user?: string;
  readonly ports?: readonly number[];
  /** Of another machine than this one; as Go names it. */
  readonly architecture?: string;
};

type Blob = {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly content: Buffer;
};

/** As Go names it. */
const ownArchitecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/**
 * Puts an image into a registry and gives its digest. The registry is `host:port`, with a scheme in front where
 * it isn't plain HTTP.
 */
export async function pushImage(
  registry: string,
  repository: string,
  tag: string,
  image: Image,
): Promise<string> {
  const base = new URL(registry.includes('://') ? registry : `http://${registry}`);
  const layer = blob(LAYER, tar(image.files));
  const config = blob(CONFIG, Buffer.from(JSON.stringify(configuration(image, layer.digest))));
  for (const one of [layer, config]) await pushBlob(base, repository, one);
  const describe = ({ mediaType, digest, size }: Blob): object => ({ mediaType, digest, size });
  const manifest = blob(
    MANIFEST,
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: describe(config),
        layers: [describe(layer)],
      }),
    ),
  );
  await ask(new URL(`/v2/${repository}/manifests/${tag}`, base), 'PUT', manifest.content, MANIFEST);
  return manifest.digest;
}

async function pushBlob(base: URL, repository: string, { digest, content }: Blob): Promise<void> {
  const there = await fetch(new URL(`/v2/${repository}/blobs/${digest}`, base), { method: 'HEAD' });
  if (there.ok) return;
  const begun = await ask(new URL(`/v2/${repository}/blobs/uploads/`, base), 'POST');
  const upload = new URL(begun.headers.get('location') ?? '', base);
  upload.searchParams.set('digest', digest);
  await ask(upload, 'PUT', content, 'application/octet-stream');
}

async function ask(url: URL, method: string, body?: Buffer, type?: string): Promise<Response> {
  const response = await fetch(url, {
    method,
    ...(body ? { body: new Uint8Array(body) } : {}),
    ...(type ? { headers: { 'content-type': type } } : {}),
  });
  if (!response.ok) {
    throw new Error(
      `the registry answers ${method} ${url.pathname} with ${response.status}: ${await response.text()}`,
    );
  }
  return response;
}

function configuration(image: Image, layer: string): object {
  const { entrypoint, env = {}, user, ports = [], architecture = ownArchitecture } = image;
  return {
    architecture,
    os: 'linux',
    config: {
      Entrypoint: entrypoint,
      Env: ['PATH=/usr/bin:/bin', ...Object.entries(env).map(([key, value]) => `${key}=${value}`)],
      WorkingDir: '/',
      ...(user ? { User: user } : {}),
      ...(ports.length > 0
        ? { ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])) }
        : {}),
    },
    // The layer isn't compressed, so its digest is that of its content, too.
    rootfs: { type: 'layers', diff_ids: [layer] },
    history: [{ created_by: 'test/cluster/image.ts' }],
  };
}

function blob(mediaType: string, content: Buffer): Blob {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return { mediaType, digest, size: content.length, content };
}

/** A tar without times and owners, so that the same files make the same digest. */
function tar(files: readonly ImageFile[]): Buffer {
  const parts: Buffer[] = [];
  for (const file of withFolders(files)) {
    const { path, content, linkTo } = file;
    const type = linkTo !== undefined ? '2' : content ? '0' : '5';
    const size = content?.length ?? 0;
    const header = Buffer.alloc(512);
    header.write(`${path.slice(1)}${type === '5' ? '/' : ''}`, 0, 100);
    header.write(octal(file.mode ?? 0o755, 8), 100);
    header.write(octal(0, 8), 108);
    header.write(octal(0, 8), 116);
    header.write(octal(size, 12), 124);
    header.write(octal(0, 12), 136);
    header.write(' '.repeat(8), 148);
    header.write(type, 156);
    header.write(linkTo ?? '', 157, 100);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header);
    if (content) parts.push(content, Buffer.alloc((512 - (size % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** Adds the folders above each file, each once and before what is in it. */
function withFolders(files: readonly ImageFile[]): ImageFile[] {
  const named = new Set(files.map(({ path }) => path));
  const folders = new Set<string>();
  for (const { path } of files) {
    const steps = path.split('/').slice(1, -1);
    for (const index of steps.keys()) folders.add(`/${steps.slice(0, index + 1).join('/')}`);
  }
  return [
    ...[...folders]
      .filter((path) => !named.has(path))
      .sort()
      .map((path) => ({ path })),
    ...files,
  ];
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}
