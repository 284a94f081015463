/**
 * Data as an expression of JavaScript that makes it anew: what JSON knows, undefined, maps and regular expressions.
 * An object that stands in several places is one object there too. What stands under the keys `later` is made only where
 * it is asked for.
 */
export function toCode(value: unknown, later: readonly string[] = []): string {
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
    const entries = Object.entries(one).map(([key, part]) => {
      const [name, code] = [JSON.stringify(key), write(part)];
      return later.includes(key) ? `get ${name}(){return made(this,${name},${code})}` : `${name}:${code}`;
    });
    return `{${entries.join()}}`;
  };
  const code = write(value);
  if (later.length > 0) {
    declarations.unshift(
      'const made=(it,key,value)=>Object.defineProperty(it,key,{value,enumerable:true})[key];',
    );
  }
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
