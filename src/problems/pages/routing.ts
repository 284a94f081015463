import type { Page } from './page.ts';

/** Routes, and how requests are treated. */
export const routingPages: Readonly<Record<string, Page>> = {
  'certificate-needed': {
    title: 'a route has no certificate',
    why: "TLS needs a certificate. Istio's gateway reads it from a Secret in its own namespace, never from the app's; so the platform names one for each domain, or a route names its own. In a protected environment a route without TLS has to say so.",
    fix: [
      'Ask the platform team for a certificate of the domain: domains in platform.yaml.',
      "Name a Secret of type kubernetes.io/tls that is in the gateway's namespace: certificate.",
      'Say tls: false where plain HTTP is meant.',
    ],
    wrong: 'routes: [{host: shop.example.com, tls: true}]',
    right: 'routes: [{host: shop.example.com, certificate: shop-tls}]',
  },
  'host-in-two-ways': {
    title: 'one host is served in two ways',
    why: 'A gateway decides by the host name alone whether it speaks TLS and with which certificate: the path is only known afterwards.',
    fix: ['Say tls and certificate alike in all routes of the host.', 'Use another host name.'],
    wrong: 'routes: [{host: a.example.com, tls: true}, {host: a.example.com, path: /x, tls: false}]',
    right: 'routes: [{host: a.example.com}, {host: a.example.com, path: /x}]',
  },
  'domain-not-allowed': {
    title: 'a host is in no domain of the platform',
    why: 'The platform lists the domains that routes may use, some of them for certain environments only: domains. Other names would not lead to its gateway.',
    fix: ['Use a name below one of its domains.', 'Ask the platform team for the domain.'],
  },
  'not-with-this-routing': {
    title: "the platform's way in can't express this",
    why: 'Istio can do all that routes and traffic say. The Gateway API knows hosts, paths, headers, rewriting, timeouts and mirrors; ports of the nodes know nothing of HTTP. Leaving something out silently would be worse than saying so.',
    fix: ['Take it out.', 'Ask the platform team for routing by Istio: routing.type in platform.yaml.'],
  },
  'faults-in-protected': {
    title: 'faults in a protected environment',
    why: 'Faults make requests of real users fail or wait. A protected environment is one where that must not happen by a line in a file.',
    fix: ['Say traffic.faults in the overlay of another environment.'],
    wrong: 'environments: {production: {protected: true, components: {web: {traffic: {faults: …}}}}}',
    right: 'environments: {staging: {components: {web: {traffic: {faults: …}}}}}',
  },
};
