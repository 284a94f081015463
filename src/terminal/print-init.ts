import type { Proposal } from '../detect/proposal.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';
import { wrap } from './wrap.ts';

/** What was seen of an app, and where. */
interface SeenApp {
  readonly folder: string;
  readonly seen: readonly { readonly what: string; readonly where: string }[];
  readonly advice: readonly string[];
}

/** Tells a person what was seen and what came of it, beside the file itself. */
export function printSeen(apps: readonly SeenApp[], screen: Screen): void {
  const style = styleOf(screen);
  for (const { folder, seen } of apps) {
    if (seen.length === 0) continue;
    screen.write(`${style.bold(folder === '.' ? 'Seen here' : `Seen in ${printable(folder)}`)}\n`);
    const width = Math.min(44, Math.max(...seen.map(({ what }) => what.length)));
    for (const { what, where } of seen) {
      const line = printable(what);
      screen.write(`  ${line.length > width ? line : line.padEnd(width)}  ${style.dim(printable(where))}\n`);
    }
  }
}

/** What the file doesn't say yet, and how to go on. */
export function printRest(
  { services, components, registry, registryKnown }: Proposal,
  apps: readonly SeenApp[],
  file: string,
  screen: Screen,
): void {
  const style = styleOf(screen);
  const columns = Math.min(screen.columns ?? 100, 100);
  const say = (text: string): unknown => screen.write(`${wrap(printable(text), columns, 2).join('\n')}\n`);
  const missing = services.filter(({ rendered }) => !rendered);
  const needs = components.find((component) => component.needs.length > 0)?.needs ?? [];
  const held = components.filter((component) => component.held);
  if (missing.length + needs.length + held.length > 0) {
    screen.write(`${style.bold(`Not in ${file} yet, there as comments`)}\n`);
    for (const { type, because, variables } of missing) {
      say(
        `${type} (${because}): paas can't set it up yet. The app reads its address from ${variables.join(', ')}.`,
      );
    }
    for (const { variable, why } of needs) say(`${variable}: ${why}.`);
    for (const { name } of held) say(`${name}: it needs its database before it can run.`);
  }
  const advice = apps.flatMap((app) => app.advice);
  if (advice.length > 0) screen.write(`${style.bold('To know')}\n`);
  for (const one of advice) say(one);
  screen.write(`${style.bold('Next')}\n`);
  if (components.some(({ build }) => build) && registry === undefined && !registryKnown) {
    say(`Say in ${file} which registry its images go to.`);
  }
  screen.write(`  paas deploy\n`);
}

/** The same as plain data. */
export function proposalAsJson({ name, registry, components, services }: Proposal): object {
  return {
    app: name,
    registry,
    components: components.map((component) => ({
      name: component.name,
      what: component.what,
      image: component.image,
      build: component.build,
      command: component.command ?? component.starts,
      port: component.port,
      health: component.health,
      host: component.host,
      ...(component.beforeDeploy && { run: 'before_deploy' }),
      security: component.security?.keys,
      needs: component.needs,
      uses: component.uses,
      commented_out: component.held,
    })),
    services: services.map(({ rendered, ...service }) => ({ ...service, commented_out: !rendered })),
  };
}
