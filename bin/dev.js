#!/usr/bin/env node
// The program from its sources, without a build step: Node.js itself strips the types.
import pjson from '../package.json' with { type: 'json' };
import { start } from '../src/cli/start.ts';

const commands = { ...pjson.oclif.commands, target: './src/commands' };
await start(new URL('..', import.meta.url), { ...pjson, oclif: { ...pjson.oclif, commands } });
