import type { SchemaNode } from '../model/schema.ts';

/** Values of each type that hardly any file says. */
const samples: Readonly<Record<string, readonly string[]>> = {
  duration: ['37s', '41s', '2min'],
  percent: ['37%', '41%'],
  cpu: ['137m', '141m'],
  memory: ['137Mi', '141Mi'],
  size: ['137Mi', '141Gi'],
  bandwidth: ['137Mbit/s', '141Mbit/s'],
  mode: ['0440', '0404'],
  cron: ['7 7 * * *', '9 9 * * *'],
  time_zone: ['Africa/Nairobi', 'Asia/Tokyo'],
  image: ['other/image:137', 'other/image:141'],
  host: ['other137.example.com'],
  registry: ['other.example.com/team'],
};

/** Texts that could stand in the place of one, the likeliest to be valid first. */
export function otherValues(text: string, node: SchemaNode): readonly string[] {
  const types = [node.type ?? []].flat();
  if (node.enum) return node.enum.map(String).filter((value) => value !== text);
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return [text === 'true' ? 'false' : 'true'];
  const known = samples[node['x-type'] ?? ''];
  if (known) return known.filter((value) => value !== text);
  if (/^-?\d+$/.test(text) && (types.includes('integer') || types.includes('number'))) {
    return [1, -1, 1000].map((step) => String(Number(text) + step));
  }
  return [`${text}x`, `${text}-x`, `x${text}`, `/x${text}`, '137'];
}
