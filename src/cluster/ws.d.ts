/** What is used of the package `ws`, which has no types of its own. Source: github.com/websockets/ws, doc/ws.md. */
declare module 'ws' {
  import type { ClientRequest, IncomingMessage } from 'node:http';

  export default class WebSocket {
    constructor(address: string, protocols: readonly string[], options: object);
    readonly protocol: string;
    send(data: Uint8Array, written: (error?: Error) => void): void;
    ping(): void;
    pause(): void;
    resume(): void;
    close(): void;
    terminate(): void;
    on(event: 'open' | 'pong', listener: () => void): this;
    on(event: 'message', listener: (data: Buffer) => void): this;
    on(event: 'close', listener: (code: number) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(
      event: 'unexpected-response',
      listener: (request: ClientRequest, response: IncomingMessage) => void,
    ): this;
  }
}
