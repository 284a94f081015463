import type { Place, Problem } from './problem.ts';

// Problems of routes and of how requests are treated.

export const certificateNeeded = (at: Place, route: string, protectedBy: string | undefined): Problem => ({
  code: 'certificate-needed',
  kind: 'usage',
  message: protectedBy
    ? `${route} has no certificate, and ${protectedBy} is protected.`
    : `${route} is to be served over TLS, but there is no certificate for it.`,
  at,
  hint: "Name a Secret in the gateway's namespace (certificate: shop-tls), let the platform name one for the domain, or say tls: false.",
});

export const hostInTwoWays = (at: Place, host: string, difference: string, other: Place): Problem => ({
  code: 'host-in-two-ways',
  kind: 'usage',
  message: `${host} can't be served both ways: ${difference}.`,
  at,
  related: [{ message: 'The other one is here:', at: other }],
  hint: 'What one route says of tls and certificate counts for the whole host: say it once, or use another host.',
});

export const domainNotAllowed = (
  at: Place,
  rule: Place | undefined,
  host: string,
  known: readonly string[],
): Problem => ({
  code: 'domain-not-allowed',
  kind: 'usage',
  message: `${host} is in no domain that the platform has for this environment.`,
  at,
  ...(rule && { related: [{ message: 'The platform names its domains here:', at: rule }] }),
  hint: known.length > 0 ? `There is ${known.join(', ')}.` : 'There is none for this environment.',
});

export const notWithRouting = (at: Place, rule: Place | undefined, way: string, what: string): Problem => ({
  code: 'not-with-this-routing',
  kind: 'usage',
  message: `The platform routes by ${way}, which can't express this: ${what}.`,
  at,
  ...(rule && { related: [{ message: 'The platform says it here:', at: rule }] }),
  hint: 'Take it out, or ask the platform team for another way in.',
});

export const faultsInProtected = (at: Place, environment: string): Problem => ({
  code: 'faults-in-protected',
  kind: 'usage',
  message: `Faults on purpose are not for ${environment}: it is protected.`,
  at,
  hint: 'Say them in the overlay of an environment that is for trying things out.',
});

export const notOverUdp = (at: Place, port: number): Problem => ({
  code: 'port-needed',
  kind: 'usage',
  message: `Port ${port} speaks UDP: neither a host name nor a TCP port can lead to it.`,
  at,
  hint: 'Name another port of the component with port, or use node_port.',
});

export const needsHttp = (at: Place, key: string, component: string): Problem => ({
  code: 'port-needed',
  kind: 'usage',
  message: `${key} is about HTTP, which ${component} speaks on none of its ports.`,
  at,
  hint: 'Say which port speaks it, such as ports: [{port: 8080, protocol: http}], or take it out.',
});
