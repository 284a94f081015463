import { keyPlaceAt, type MapValue, placeAt, valueAt } from '../document/value.ts';
import { mostProblems } from '../problems/limit.ts';
import {
  nameTaken,
  neverFires,
  notForJobs,
  onlyWith,
  pathTwice,
  portTwice,
  reservedName,
  usesCycle,
} from '../problems/model.ts';
import type { NearestOf } from '../problems/nearest.ts';
import type { Place, Problem } from '../problems/problem.ts';
import type { App, Component } from './app.ts';
import { checkTraffic, checkUses, type Names } from './check-references.ts';
import { checkRoutes } from './check-routes.ts';
import { canFire } from './cron.ts';

// What must fit together across an app. Each check is one function; all of them see the whole app.

/** What is checked of an app: whatever its environment is called. */
type Parts = Pick<App, 'components' | 'services'>;

/** Everything that contradicts itself in an app. `root` is the document that it was built from. */
export function checkApp(app: Parts, root: MapValue, meant: NearestOf): Problem[] {
  const components = app.components.map(({ name }) => name);
  const services = app.services.map(({ name }) => name);
  const withoutPort = new Set(
    app.components.filter(({ ports }) => ports.length === 0).map(({ name }) => name),
  );
  const known = new Set([...services, ...components]);
  const names: Names = { components, services, withoutPort, known, meant };
  return [
    ...checkNames(app, root),
    ...checkReserved(app, root),
    ...app.components.flatMap((component) => [
      ...checkUses(component, names, root),
      ...checkPorts(component, root),
      ...checkPaths(component, root),
      ...checkJob(component, root),
      ...checkTraffic(component, names, root),
    ]),
    ...checkCycles(app, root),
    ...checkRoutes(app, root),
  ];
}

/** Kubernetes has a service account of this name in every namespace: a component's would be the same object. */
function checkReserved(app: Parts, root: MapValue): Problem[] {
  const found = app.components.filter(({ name }) => name === 'default');
  return found.map(({ name }) => reservedName(keyPlaceAt(root, ['components', name]), name));
}

/** A component and a service of one name would have the same objects and the same variables. */
function checkNames(app: Parts, root: MapValue): Problem[] {
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

/** Files and volumes share the paths of the container. */
function checkPaths({ name, files, volumes }: Component, root: MapValue): Problem[] {
  const component = ['components', name];
  const mounted = [
    ...files.map(({ path }) => ({ path, at: keyPlaceAt(root, [...component, 'files', path]) })),
    ...volumes.map((volume) => ({
      path: volume.path,
      at: placeAt(root, [...component, 'volumes', volume.name, 'path']),
    })),
  ].sort((a, b) => a.at.start - b.at.start);
  const seen = new Map<string, Place>();
  return mounted.flatMap(({ path, at }) => {
    const plain = path.replace(/\/+$/, '');
    const before = seen.get(plain);
    if (!before) seen.set(plain, at);
    return before && plain !== '' ? [pathTwice(at, path, before)] : [];
  });
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

/** Jobs before the deploy that need one another never begin. What keeps running may use one another. */
function checkCycles(app: Parts, root: MapValue): Problem[] {
  const jobs = new Map(
    app.components.filter(({ run }) => run.type === 'before_deploy').map((job) => [job.name, job]),
  );
  const done = new Set<string>();
  const problems: Problem[] = [];
  const visit = (name: string, way: readonly string[]): void => {
    // Where all need all there are more circles than anybody could be told of.
    if (problems.length >= mostProblems) return;
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

function inOrder(a: Place, b: Place): [Place, Place] {
  return a.start <= b.start ? [a, b] : [b, a];
}
