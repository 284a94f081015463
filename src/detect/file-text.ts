import type { Proposal, ProposedComponent, ProposedService } from './proposal.ts';

/** The text of a paas.yaml. */
export function fileText(proposal: Proposal): string {
  const { name, components, services } = proposal;
  const rendered = services.filter((service) => service.rendered);
  const lines = [
    '# yaml-language-server: $schema=paas.schema.json',
    '# What this app is and needs. paas explain shows every key; paas schema > paas.schema.json is for editors.',
    `app: ${scalar(name)}`,
    ...registryLines(proposal),
    'components:',
    ...components.flatMap((component, index) => {
      const lines = indent(componentLines(component, services, index === 0), 2);
      return component.held ? held(lines) : lines;
    }),
    ...(rendered.length > 0 ? ['services:'] : []),
    ...rendered.map((service) => `  ${service.name}: {type: ${service.type}}${comment(service.because)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function registryLines({ registry, registryKnown, components }: Proposal): string[] {
  if (registry !== undefined) return [`registry: ${scalar(registry)} # where images that are built here go`];
  const builds = components.some(({ build }) => build);
  return builds && !registryKnown
    ? [
        '# registry: registry.example.com/team # where images that are built here go; or --registry, PAAS_REGISTRY',
      ]
    : [];
}

function componentLines(
  component: ProposedComponent,
  services: readonly ProposedService[],
  isFirst: boolean,
): string[] {
  const { name, what, image, build, command, starts, port, health, host, security, where } = component;
  const lines: string[] = [];
  const say = (key: string, value: string, why?: string): number =>
    lines.push(`${key}: ${value}${comment(why)}`);
  if (image !== undefined) say('image', scalar(image));
  if (build?.dockerfile !== undefined) {
    say('build', `{context: ${scalar(build.context)}, dockerfile: ${scalar(build.dockerfile)}}`);
  } else if (build) say('build', scalar(build.context));
  if (command) say('command', words(command));
  else if (starts) lines.push(`# command: ${words(starts)}${comment(`what starts it; ${where.command}`)}`);
  if (port !== undefined)
    say('port', String(port), ['given to it as PORT', where.port].filter(Boolean).join('; '));
  if (health !== undefined) say('health', `{http: ${scalar(health)}}`, where.health);
  if (host !== undefined) say('routes', `[${scalar(host)}]`);
  if (component.beforeDeploy) say('run', 'before_deploy', where.release);
  if (security) say('security', flow(security.keys), security.why);
  const used = services.filter((service) => component.uses.includes(service.name));
  const rendered = used.filter((service) => service.rendered);
  if (rendered.length > 0) lines.push(...usesLines(rendered));
  if (isFirst)
    lines.push(
      ...missingLines(
        component,
        used.filter((service) => !service.rendered),
      ),
    );
  return [`${name}:${comment(what)}`, ...indent(lines, 2)];
}

/** Which of a service's facts a variable holds. */
function factOf(variable: string): string {
  if (/(URL|URI|DSN|STRING)$/.test(variable)) return 'url';
  if (/PORT$/.test(variable)) return 'port';
  if (/(USER|USERNAME)$/.test(variable)) return 'user';
  if (/(PASS|PASSWORD)$/.test(variable)) return 'password';
  return /(NAME|DATABASE|DB)$/.test(variable) && !/HOSTNAME$/.test(variable) ? 'database' : 'host';
}

function usesLines(services: readonly ProposedService[]): string[] {
  return [
    'uses:',
    ...services.map(({ name, variables }) => {
      const facts = variables.map((variable) => `${variable}: ${factOf(variable)}`);
      return `  ${name}: {${facts.join(', ')}}`;
    }),
  ];
}

/** What it needs and doesn't get yet, as comments to be filled in. */
function missingLines({ needs }: ProposedComponent, services: readonly ProposedService[]): string[] {
  if (needs.length + services.length === 0) return [];
  const lines = services.map(
    ({ type, because }) => `It uses ${type} (${because}), which paas can't set up yet: say where one is.`,
  );
  if (services.length > 0 && needs.length > 0) lines.push('Without the other values it does not start.');
  else if (needs.length > 0) lines.push('Without these values it does not start.');
  lines.push('env:');
  for (const service of services) {
    for (const variable of service.variables) lines.push(`  ${variable}: ${exampleOf(variable, service)}`);
  }
  for (const { variable, why } of needs)
    lines.push(
      `  ${variable}: ${secretOf(variable)}${comment(`paas secrets set ${variable.toLowerCase()}; ${why}`)}`,
    );
  return lines.map((line) => `# ${line}`);
}

/** The port that a service usually listens on. */
const ports: Readonly<Record<string, number>> = {
  postgresql: 5432,
  mysql: 3306,
  mongodb: 27017,
  redis: 6379,
  memcached: 11211,
  rabbitmq: 5672,
  kafka: 9092,
  nats: 4222,
};

function exampleOf(variable: string, { name, type }: ProposedService): string {
  switch (factOf(variable)) {
    case 'url':
    case 'user':
    case 'password':
      return `${secretOf(variable)}${comment(`paas secrets set ${variable.toLowerCase()}`)}`;
    case 'port':
      return String(ports[type] ?? 0);
    case 'database':
      return 'app';
    default:
      return `${name}.example.com`;
  }
}

function secretOf(variable: string): string {
  return `{secret: ${variable.toLowerCase()}}`;
}

/** A component as a comment. */
function held(lines: readonly string[]): string[] {
  return ['  # When its database is there:', ...lines.map((line) => `  # ${line.slice(2)}`)];
}

function flow(map: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(map).map(([key, value]) => {
    return `${key}: ${Array.isArray(value) ? `[${value.map(String).join(', ')}]` : String(value)}`;
  });
  return `{${entries.join(', ')}}`;
}

function words(command: readonly string[]): string {
  return `[${command.map(scalar).join(', ')}]`;
}

/** A text as YAML takes it inside brackets too: quoted where it could be read as something else. */
function scalar(text: string): string {
  const plain = /^(?:-{1,2}(?=[A-Za-z]))?[A-Za-z0-9_./][A-Za-z0-9_./@+=-]*(:[A-Za-z0-9_./@+=-]+)*$/.test(
    text,
  );
  const other =
    /^(?:[-+]?\.?\d[\d._]*(?:[eE][-+]?\d+)?|0[xo].*|true|false|null|yes|no|on|off|y|n|~|\.inf|\.nan)$/i;
  return plain && !other.test(text) ? text : JSON.stringify(text);
}

function comment(text: string | undefined): string {
  // A name of a file may hold anything; a line feed would end the comment.
  return text ? ` # ${text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')}` : '';
}

function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => ' '.repeat(by) + line);
}
