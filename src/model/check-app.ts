import { keyPlaceAt, type MapValue, type Path, placeAt, valueAt } from '../document/value.ts';
import { mostProblems } from '../problems/limit.ts';
import {
  missingKey,
  nameTaken,
  needsPort,
  neverFires,
  notForJobs,
  onlyWith,
  portTwice,
  sameRoute,
  unknownPort,
  unknownReference,
  usesCycle,
  usesItself,
  variableTwice,
} from '../problems/model.ts';
import { nearest } from '../problems/nearest.ts';
import type { Place, Problem } from '../problems/problem.ts';
import type { App, Component, Route } from './app.ts';
import { canFire } from './cron.ts';
import { describePath } from './paths.ts';

// What must fit together across an app. Each check is one function; all of them see the whole app.

interface Names {
  readonly components: readonly string[];
  readonly services: readonly string[];
}

/** Everything that contradicts itself in an app. `root` is the document that it was built from. */
export function checkApp(app: App, root: MapValue): Problem[] {
  const names: Names = {
    components: app.components.map(({ name }) => name),
    services: app.services.map(({ name }) => name),
  };
  return [
    ...checkNames(app, root),
    ...app.components.flatMap((component) => [
      ...checkUses(component, names, root),
      ...checkPorts(component, root),
      ...checkJob(component, root),
      ...checkTraffic(component, names, root),
    ]),
    ...checkCycles(app, root),
    ...checkRoutes(app, root),
  ];
}

/** A component and a service of one name would have the same objects and the same variables. */
function checkNames(app: App, root: MapValue): Problem[] {
  const components = new Set(app.components.map(({ name }) => name));
  const taken = app.services.filter(({ name }) => components.has(name));
  return taken.map(({ name }) => {
    const [first, second] = inOrder(
      keyPlaceAt(root, ['components', name]),
      keyPlaceAt(root, ['services', name]),
    );
    return nameTaken(second, name, `A component and a service are both called ${name}.`, first);
  });
}

function checkUses(component: Component, names: Names, root: MapValue): Problem[] {
  const path = ['components', component.name, 'uses'];
  if (component.uses.length === 0) return [];
  const known = [...names.services, ...names.components];
  const problems: Problem[] = [];
  const variables = new Map<string, Place>();
  for (const { name, variables: own } of component.uses) {
    const at = keyPlaceAt(root, [...path, name]);
    if (name === component.name) problems.push(usesItself(at, name));
    else if (!known.includes(name) && !isIncomplete(root, 'services') && !isIncomplete(root, 'components')) {
      const others = known.filter((one) => one !== component.name);
      const meant = problems.length < mostProblems ? nearest(name, others) : undefined;
      problems.push(
        unknownReference(
          at,
          name,
          'service or component',
          others,
          meant ? { hint: `Did you mean ${meant}?` } : {},
        ),
      );
    }
    const prefix = name.toUpperCase().replaceAll('-', '_');
    const names = own
      ? Object.keys(own)
      : ['URL', 'HOST', 'PORT', 'USER', 'PASSWORD', 'DATABASE'].map((part) => `${prefix}_${part}`);
    for (const variable of names) if (!variables.has(variable)) variables.set(variable, at);
  }
  for (const { name } of [...component.env, ...component.secretEnv]) {
    const from = variables.get(name);
    if (from)
      problems.push(variableTwice(keyPlaceAt(root, ['components', component.name, 'env', name]), name, from));
  }
  return problems;
}

function checkPorts(component: Component, root: MapValue): Problem[] {
  const path = ['components', component.name, 'ports'];
  const seen = new Map<string, Place>();
  return component.ports.flatMap(({ port, protocol, name }, index) => {
    const at = placeAt(root, [...path, index, 'port']);
    const key = `${port}/${protocol === 'udp' ? 'udp' : 'tcp'}`;
    const before = seen.get(key) ?? seen.get(name);
    const problem = seen.has(key)
      ? portTwice(at, port, before!)
      : seen.has(name)
        ? nameTaken(placeAt(root, [...path, index, 'name']), name, `Two ports are called ${name}.`, before!)
        : undefined;
    seen.set(key, at).set(name, at);
    return problem ? [problem] : [];
  });
}

/** What ends by itself takes no traffic and isn't counted. */
const runningOnly = [
  'instances',
  'scaling_policy',
  'routes',
  'traffic',
  'rollout',
  'health',
  'metrics',
  'port',
  'ports',
];

function checkJob(component: Component, root: MapValue): Problem[] {
  const path = ['components', component.name];
  const said = (key: string): boolean => valueAt(root, [...path, key]) !== undefined;
  const problems: Problem[] = [];
  const job = ['schedule', 'run'].find(said);
  if (job) {
    const at = keyPlaceAt(root, [...path, job]);
    for (const key of runningOnly.filter(said)) {
      problems.push(notForJobs(keyPlaceAt(root, [...path, key]), key, { key: job, at }));
    }
  }
  for (const key of ['time_zone', 'overlap']) {
    if (said(key) && !said('schedule'))
      problems.push(onlyWith(keyPlaceAt(root, [...path, key]), key, 'schedule'));
  }
  if (component.run.type === 'schedule' && !canFire(component.run.schedule)) {
    problems.push(neverFires(placeAt(root, [...path, 'schedule']), component.run.schedule));
  }
  component.scaling?.schedules.forEach((stretch, index) => {
    for (const key of ['start', 'end'] as const) {
      const at = placeAt(root, [...path, 'scaling_policy', 'schedules', index, key]);
      if (!canFire(stretch[key])) problems.push(neverFires(at, stretch[key]));
    }
  });
  return problems;
}

function checkTraffic(component: Component, all: Names, root: MapValue): Problem[] {
  const path: Path = ['components', component.name];
  const problems: Problem[] = [];
  const names = all.components;
  const refer = (at: Place, name: string, what: string, known: readonly string[]): void => {
    if (known.includes(name) || isIncomplete(root, `${what}s`)) return;
    const meant = problems.length < mostProblems ? nearest(name, known) : undefined;
    problems.push(unknownReference(at, name, what, known, meant ? { hint: `Did you mean ${meant}?` } : {}));
  };
  const jobs = component.run.type !== 'always';
  if (
    component.routes.length > 0 &&
    component.ports.length === 0 &&
    !jobs &&
    !mapAt(root, path)?.incomplete
  ) {
    problems.push(needsPort(keyPlaceAt(root, [...path, 'routes']), 'routes', component.name));
  }
  component.routes.forEach(({ port }, index) => {
    if (port === undefined || component.ports.length === 0) return;
    const known = component.ports.map((one) => one.port);
    const at = placeAt(root, [...path, 'routes', index, 'port']);
    if (!known.includes(port)) problems.push(unknownPort(at, port, component.name, known));
  });
  const mirror = component.traffic?.mirror?.to;
  if (mirror !== undefined)
    refer(placeAt(root, [...path, 'traffic', 'mirror', 'to']), mirror, 'component', names);
  for (const key of ['near', 'apart'] as const) {
    component.placement[key].forEach((name, index) => {
      refer(placeAt(root, [...path, 'placement', key, index]), name, 'component', names);
    });
  }
  component.scaling?.metrics.forEach(({ service }, index) => {
    if (service === undefined) return;
    const at = placeAt(root, [...path, 'scaling_policy', 'metrics', index, 'service']);
    refer(at, service, 'service', all.services);
  });
  return problems;
}

/** Jobs before the deploy that need one another never begin. What keeps running may use one another. */
function checkCycles(app: App, root: MapValue): Problem[] {
  const jobs = new Map(
    app.components.filter(({ run }) => run.type === 'before_deploy').map((job) => [job.name, job]),
  );
  const done = new Set<string>();
  const problems: Problem[] = [];
  const visit = (name: string, way: readonly string[]): void => {
    if (way.includes(name)) {
      const circle = [...way.slice(way.indexOf(name)), name];
      if (circle.length > 2) {
        const at = keyPlaceAt(root, ['components', circle[0]!, 'uses', circle[1]!]);
        problems.push(usesCycle(at, circle));
      }
      return;
    }
    if (done.has(name)) return;
    done.add(name);
    for (const used of jobs.get(name)?.uses ?? []) if (jobs.has(used.name)) visit(used.name, [...way, name]);
  };
  for (const name of jobs.keys()) visit(name, []);
  return problems;
}

function checkRoutes(app: App, root: MapValue): Problem[] {
  const seen = new Map<string, { component: string; at: Place }>();
  const problems: Problem[] = [];
  for (const component of app.components) {
    component.routes.forEach((route, index) => {
      const path = ['components', component.name, 'routes', index];
      const [key, shown] = routeKey(route);
      if (!key) {
        const map = mapAt(root, path);
        if (map && !map.incomplete && !map.entries.has('host'))
          problems.push(
            missingKey(
              placeAt(root, path),
              'host',
              describePath(path),
              'For example host: shop.example.com. For what is not HTTP: tcp or node_port.',
            ),
          );
        return;
      }
      const at = placeAt(root, [...path, key]);
      const id = JSON.stringify([shown, route.match ?? null]);
      const before = seen.get(id);
      if (before) problems.push(sameRoute(at, shown, before.component, before.at));
      else seen.set(id, { component: component.name, at });
    });
  }
  return problems;
}

function routeKey(route: Route): ['host' | 'tcp' | 'node_port' | undefined, string] {
  if (route.host !== undefined)
    return ['host', `${route.host}${(route.path ?? '/').replace(/(.)\/+$/, '$1')}`];
  if (route.tcp !== undefined) return ['tcp', `TCP port ${route.tcp}`];
  if (route.node_port !== undefined) return ['node_port', `Node port ${route.node_port}`];
  return [undefined, ''];
}

function mapAt(root: MapValue, path: Path): MapValue | undefined {
  const value = valueAt(root, path);
  return value?.kind === 'map' ? value : undefined;
}

/** Whether something of a map was wrong and is left out: what isn't in it may have been. */
function isIncomplete(root: MapValue, key: string): boolean {
  return root.incomplete === true || mapAt(root, [key])?.incomplete === true;
}

function inOrder(a: Place, b: Place): [Place, Place] {
  return a.start <= b.start ? [a, b] : [b, a];
}
