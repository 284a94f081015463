/**
 * Data as an expression of JavaScript that makes it anew: what JSON knows, undefined, maps and regular expressions.
 * An object that stands in several places is one object there too.
 */
export function toCode(value: unknown): string {
  const shared = sharedObjects(value);
  const names = new Map<object, string>();
  const declarations: string[] = [];
  const write = (one: unknown): string => {
    if (typeof one !== 'object' || one === null) return JSON.stringify(one) ?? 'undefined';
    if (!shared.has(one)) return writeObject(one);
    const known = names.get(one);
    if (known) return known;
    const code = writeObject(one);
    const name = `shared${names.size}`;
    names.set(one, name);
    declarations.push(`const ${name}=${code};`);
    return name;
  };
  const writeObject = (one: object): string => {
    if (one instanceof RegExp) return String(one);
    if (one instanceof Map) return `new Map(${write([...one])})`;
    if (Array.isArray(one)) return `[${one.map(write).join()}]`;
    const entries = Object.entries(one).map(([key, part]) => `${JSON.stringify(key)}:${write(part)}`);
    return `{${entries.join()}}`;
  };
  const code = write(value);
  return declarations.length === 0 ? code : `(()=>{${declarations.join('')}return ${code}})()`;
}

function sharedObjects(value: unknown): ReadonlySet<object> {
  const seen = new Set<object>();
  const shared = new Set<object>();
  const look = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) return;
    if (seen.has(one)) {
      shared.add(one);
      return;
    }
    seen.add(one);
    for (const part of one instanceof Map ? [...one].flat() : Object.values(one)) look(part);
  };
  look(value);
  return shared;
}
