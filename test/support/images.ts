import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Assembled, type AssembleOptions, assemble } from '../../src/images/assemble.ts';
import type { LayerPart } from '../../src/images/layer-entries.ts';
import {
  closeRegistry,
  openRegistry,
  type Registry,
  type RegistryOptions,
} from '../../src/registry/registry.ts';
import { type BadNetworkOptions, startBadNetwork } from './bad-network.ts';
import { startRegistry, type TestRegistry, type TestRegistryOptions } from './registry.ts';

/** What the tests' images are for. */
export const platform = { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' };

/** Writes files by their paths; a text that begins with `->` is a link. Gives the folder. */
export function fill(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'string' && content.startsWith('->')) symlinkSync(content.slice(2), file);
    else writeFileSync(file, content);
  }
  return folder;
}

/** An image with a layer for each list of parts, which is given back when the test has ended. */
export async function image(
  layers: readonly (readonly LayerPart[])[],
  more: Partial<AssembleOptions> = {},
): Promise<Assembled> {
  const sources = layers.map((parts, index) => ({ name: `layer ${index + 1}`, parts }));
  const assembled = await assemble({ platform, layers: sources, start: {}, ...more });
  onTestFinished(assembled.close);
  return assembled;
}

/** A registry that is gone when the test has ended. */
export async function registryOf(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const registry = await startRegistry(options);
  onTestFinished(registry.stop);
  return registry;
}

/** The way of a test to a registry. It has little patience, so that what never works is soon known. */
export function open(host: string, options: RegistryOptions = {}): Registry {
  const registry = openRegistry(host, { backOff: 5, ...options });
  onTestFinished(() => closeRegistry(registry));
  return registry;
}

/** A bad way to a registry that is gone when the test has ended. */
export async function badNetwork(
  to: string,
  options: BadNetworkOptions,
): Promise<Awaited<ReturnType<typeof startBadNetwork>>> {
  const network = await startBadNetwork(to, options);
  onTestFinished(network.stop);
  return network;
}
