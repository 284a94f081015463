// A program of its own, so that what it takes of memory can be seen: puts a folder into an image and publishes it.
// node publish-folder.ts FOLDER HOST: prints the digest, and the most memory that it had, in bytes.
import { assemble } from '../../src/images/assemble.ts';
import { publish } from '../../src/registry/publish.ts';
import { closeRegistry, openRegistry } from '../../src/registry/registry.ts';

const [root = '', host = ''] = process.argv.slice(2);
const registry = openRegistry(host);
const made = await assemble({
  platform: { os: 'linux', architecture: 'amd64' },
  layers: [{ name: 'app', parts: [{ root, from: '.', to: '/app' }] }],
  start: {},
});
const { digest, layers, bytes } = await publish(made.image, { registry, repository: 'large', tag: '1' });
await made.close();
await closeRegistry(registry);
const memory = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ digest, layers, bytes, memory }));
