#!/usr/bin/env node
// The program from its sources, without a build step: Node.js itself strips the types.
import { start } from '../src/cli/start.ts';

await start(new URL('..', import.meta.url), { commands: './src/commands' });
