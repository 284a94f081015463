import { LiteralError } from './literal-error.ts';

// Where something is: images, registries, hosts.

/** A host name; `*.` may stand before it. */
export function parseHost(text: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/([^/:]+)/i.exec(text);
  if (scheme) throw new LiteralError('a host name without https://', { meant: scheme[1]!.toLowerCase() });
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
  if (text.length <= 253 && new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`).test(text)) return text;
  const port = /^([^:/]+):\d+$/.exec(text);
  if (port) throw new LiteralError('a host name without a port', { meant: port[1]!.toLowerCase() });
  if (text.includes('/')) throw new LiteralError('a host name; the path has a key of its own: path');
  const meant = text.toLowerCase().replaceAll('_', '-');
  throw new LiteralError('a host name such as shop.example.com', {
    meant: meant !== text && /^[a-z0-9.-]+$/.test(meant) ? meant : undefined,
  });
}

/** A registry and a path in it, without a tag. */
export function parseRegistry(text: string): string {
  const plain = text.replace(/\/+$/, '');
  if (/^[a-z]+:\/\//.test(text)) {
    throw new LiteralError('a registry without https://', { meant: plain.replace(/^[a-z]+:\/\//, '') });
  }
  if (plain.length > 200 || !/^[a-zA-Z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(plain)) {
    throw new LiteralError('a registry such as registry.example.com/team');
  }
  return plain;
}

/**
 * An image reference: [registry/]path[:tag][@digest].
 * Source: the grammar of github.com/distribution/reference.
 */
export function parseImage(text: string): string {
  const reference =
    /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/|\[[0-9a-fA-F:]+\](?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,})?$/;
  if (text.length > 400 || !reference.test(text)) {
    throw new LiteralError('an image such as registry.example.com/shop:1.4', { hint: aboutImage(text) });
  }
  return text;
}

function aboutImage(text: string): string | undefined {
  const plain = text.replace(/^[a-z]+:\/\//, '');
  if (plain !== text) return `Leave the scheme out: ${plain}`;
  if (text === '') return undefined;
  if (/\s/.test(text)) return 'There is a space in it.';
  if (/:$/.test(text)) return 'The tag after the colon is missing.';
  if (/[A-Z]/.test(text.split(':')[0] ?? '')) return 'Only the tag may have capital letters.';
  return /[{}$]/.test(text)
    ? 'Nothing is substituted here: write it out, or set it in an environment.'
    : undefined;
}
