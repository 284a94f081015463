import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the language server objects to. */
export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

/** The real yaml-language-server, and its protocol as far as tests need it. */
export function startServer() {
  const require = createRequire(import.meta.url);
  const main = join(
    dirname(require.resolve('yaml-language-server/package.json')),
    'bin/yaml-language-server',
  );
  const child: ChildProcess = spawn(process.execPath, [main, '--stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answers = new Map<number, (result: unknown) => void>();
  const listeners = new Set<(method: string, params: unknown) => void>();
  let buffer = Buffer.alloc(0);
  let last = 0;
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = /Content-Length: (\d+)\r\n(?:.*\r\n)*?\r\n/.exec(buffer.toString('latin1'));
      if (!head) return;
      const start = head.index + head[0].length;
      const end = start + Number(head[1]);
      if (buffer.length < end) return;
      const message = JSON.parse(buffer.subarray(start, end).toString());
      buffer = buffer.subarray(end);
      if (message.method === undefined) answers.get(message.id)?.(message.result);
      // What the server asks of the editor (its settings) has no answer here.
      else if (message.id !== undefined)
        send({
          id: message.id,
          result: message.method === 'workspace/configuration' ? [{}, {}, {}, {}, {}] : null,
        });
      else for (const listener of listeners) listener(message.method, message.params);
    }
  });
  return {
    notify: (method: string, params: object) => send({ method, params }),
    request: <T>(method: string, params: object): Promise<T> => {
      const id = ++last;
      send({ id, method, params });
      return new Promise<T>((answer) => answers.set(id, answer as (result: unknown) => void));
    },
    waitFor: <T>(wanted: string, fits: (params: T) => boolean): Promise<T> =>
      new Promise((found) => {
        listeners.add((method, params) => {
          if (method === wanted && fits(params as T)) found(params as T);
        });
      }),
    stop: () => child.kill(),
  };
}
