// What people write by habit, because another tool calls it so. One table: where, what, and what it is called here.

export interface Habit {
  /** The form of the path of the map that the key stands in; '' is the file itself. */
  readonly in: string;
  readonly key: string;
  /** The key that means the same here, where the value can stay as it is. */
  readonly rename?: string;
  readonly hint: string;
}

const file = '';
const component = 'components.*';
const health = `${component}.health`;
const resources = `${component}.resources`;

const rename = (where: string, key: string, to: string, more = ''): Habit => ({
  in: where,
  key,
  rename: to,
  hint: `Here it is called ${to}${more ? `; ${more}` : ''}.`,
});
const tell = (where: string, key: string, hint: string): Habit => ({ in: where, key, hint });

export const habits: readonly Habit[] = [
  // Kubernetes, at the top of a file
  tell(
    file,
    'apiVersion',
    'This looks like a manifest of Kubernetes or Score; paas.yaml begins with app: NAME.',
  ),
  tell(file, 'kind', 'This looks like a manifest of Kubernetes or Score; paas.yaml begins with app: NAME.'),
  tell(file, 'metadata', 'The name stands alone: app: NAME.'),
  tell(file, 'spec', 'What runs stands under components, by name.'),
  // Compose, Cloud Foundry, Score, Heroku, at the top of a file
  rename(file, 'name', 'app'),
  tell(
    file,
    'version',
    "The language's version is paas: 1, and can be left out; an image's version is its tag.",
  ),
  tell(
    file,
    'applications',
    'What runs stands under components, as a map by name: components: {web: {image: …}}.',
  ),
  rename(file, 'apps', 'components'),
  rename(file, 'containers', 'components'),
  rename(file, 'workloads', 'components'),
  tell(file, 'processes', 'Each process is a component with its command: components: {web: {command: …}}.'),
  tell(file, 'formation', 'Each process is a component: components: {web: {instances: 2}}.'),
  tell(file, 'jobs', 'A job is a component with run: before_deploy or with a schedule.'),
  tell(file, 'addons', 'Databases and the like stand under services: services: {db: {type: postgresql}}.'),
  tell(
    file,
    'resources',
    'Databases and the like stand under services; CPU and memory under resources of a component.',
  ),
  tell(file, 'databases', 'Databases stand under services: services: {db: {type: postgresql}}.'),
  tell(file, 'networks', 'Not needed: the components of an app reach one another by name.'),
  tell(
    file,
    'volumes',
    'Volumes stand in the component that mounts them: volumes: {data: {path: /data, size: 10Gi}}.',
  ),
  tell(
    file,
    'secrets',
    'Secrets are stored by paas secrets set NAME, and used as env: {KEY: {secret: name}}.',
  ),
  tell(file, 'configs', 'Files stand in the component: files: {/etc/app.yml: config/app.yml}.'),
  tell(file, 'env', 'Variables stand in their component: components: {web: {env: …}}.'),
  tell(
    file,
    'environment',
    'Variables stand in their component as env; environments says where the app runs.',
  ),
  tell(file, 'envs', 'Variables stand in their component as env; environments says where the app runs.'),
  tell(file, 'image', 'The image stands in its component: components: {web: {image: …}}.'),
  tell(file, 'port', 'The port stands in its component: components: {web: {port: …}}.'),
  tell(
    file,
    'ingress',
    'How the app is reached stands in the component: routes: [{host: shop.example.com}].',
  ),
  tell(file, 'routes', 'Routes stand in the component that they lead to.'),
  tell(file, 'stages', 'Stages such as staging and production are environments.'),
  tell(file, 'scripts', 'A script is a component with run: before_deploy or run: on_demand.'),
  // In a component: Compose
  rename(component, 'environment', 'env'),
  tell(component, 'env_file', 'Variables are written under env, secrets stored by paas secrets set.'),
  tell(
    component,
    'depends_on',
    'Here it is called uses: what it reaches over the network. Nothing waits to start.',
  ),
  tell(component, 'links', 'Here it is called uses: what it reaches over the network.'),
  rename(component, 'healthcheck', 'health'),
  tell(component, 'deploy', 'replicas is called instances here, limits resources, update_config rollout.'),
  tell(component, 'scale', 'Here it is called instances; by load: scaling_policy.'),
  tell(component, 'container_name', 'Not needed: the name is the key under components.'),
  tell(component, 'hostname', 'Not needed: others reach it by its key under components.'),
  tell(
    component,
    'restart',
    'Not needed: what ends is started again. For what ends by itself: run or schedule.',
  ),
  tell(component, 'networks', 'Not needed: the components of an app reach one another by name.'),
  tell(component, 'expose', 'Here it is called port: port: 8080.'),
  tell(component, 'stop_grace_period', 'Here it is stop: {timeout: 30s}.'),
  tell(component, 'user', 'Here it is security: {user: 1000}.'),
  tell(
    component,
    'privileged',
    'Not offered; security: {run_as_root: true, capabilities: […]} opens what an image needs.',
  ),
  tell(component, 'cap_add', 'Here it is security: {capabilities: [NET_BIND_SERVICE]}.'),
  tell(component, 'read_only', 'It is read-only already; security: {writable_root: true} opens it.'),
  tell(component, 'mem_limit', 'Here it is resources: {memory: 512Mi}.'),
  tell(component, 'mem_reservation', 'Here it is resources: {memory: 512Mi}.'),
  tell(component, 'cpus', 'Here it is resources: {cpu: 0.5}.'),
  tell(component, 'logging', 'Not needed: what the program prints is collected.'),
  tell(component, 'working_dir', "Not offered: it is the image's; a command can begin with cd."),
  tell(
    component,
    'profiles',
    "For what isn't always there: run: on_demand, or an overlay under environments.",
  ),
  tell(component, 'secrets', 'A secret is used as env: {KEY: {secret: name}} or in files.'),
  tell(component, 'configs', 'Here it is files: {/etc/app.yml: config/app.yml}.'),
  // Kubernetes
  rename(component, 'replicas', 'instances'),
  rename(component, 'args', 'command', "entrypoint replaces the image's entry point"),
  rename(component, 'cmd', 'command'),
  tell(component, 'containers', 'A component is one program; another program is another component.'),
  tell(component, 'initContainers', 'What runs before a deploy is a component with run: before_deploy.'),
  tell(component, 'sidecars', 'A component is one program; another program is another component.'),
  tell(component, 'containerPort', 'Here it is called port: port: 8080.'),
  tell(component, 'targetPort', 'Here it is called port: port: 8080.'),
  tell(component, 'readinessProbe', 'Here it is health: {http: /healthz}.'),
  tell(component, 'livenessProbe', 'Here it is health: {liveness: {http: /alive}}.'),
  tell(component, 'startupProbe', 'Here it is health: {startup: {http: /started}}.'),
  tell(component, 'envFrom', 'Variables are written one by one under env; secrets as {secret: name}.'),
  tell(
    component,
    'volumeMounts',
    'Here it is volumes: {data: {path: /data, size: 10Gi}}, or files for configuration.',
  ),
  tell(component, 'nodeSelector', 'Here it is placement: {node_pools: [NAME]}.'),
  tell(component, 'affinity', 'Here it is placement: {near: [NAME], apart: [NAME]}.'),
  tell(component, 'tolerations', 'Here it is placement: {tolerations: ["gpu=true:NoSchedule"]}.'),
  tell(component, 'topologySpreadConstraints', 'Here it is placement: {spread: [nodes, zones]}.'),
  tell(
    component,
    'securityContext',
    'Here it is security: {run_as_root, user, writable_root, capabilities}.',
  ),
  tell(component, 'terminationGracePeriodSeconds', 'Here it is stop: {timeout: 30s}.'),
  tell(component, 'imagePullPolicy', 'Not needed: each release has its own image.'),
  tell(component, 'serviceAccountName', 'Not needed: each component has an identity of its own.'),
  tell(component, 'strategy', 'Here it is rollout: {strategy: rolling}.'),
  tell(component, 'ingress', 'Here it is routes: [{host: shop.example.com}].'),
  tell(component, 'service', 'Not needed: a component with a port is reached by its name.'),
  tell(component, 'limits', 'Here it is resources: {cpu: 500m, memory: 512Mi}.'),
  tell(component, 'requests', 'Here it is resources: {cpu: 500m, memory: 512Mi}.'),
  tell(component, 'labels', 'Labels can be set by a patch: .paas/patches.'),
  tell(component, 'annotations', 'Annotations can be set by a patch: .paas/patches.'),
  rename(component, 'autoscaling', 'scaling_policy'),
  rename(component, 'hpa', 'scaling_policy'),
  rename(component, 'scaling', 'scaling_policy'),
  tell(component, 'min_instances', 'Here it is scaling_policy: {min_instances: 2, max_instances: 10}.'),
  tell(component, 'max_instances', 'Here it is scaling_policy: {min_instances: 2, max_instances: 10}.'),
  tell(component, 'minReplicas', 'Here it is scaling_policy: {min_instances: 2, max_instances: 10}.'),
  tell(component, 'maxReplicas', 'Here it is scaling_policy: {min_instances: 2, max_instances: 10}.'),
  rename(component, 'cron', 'schedule'),
  // Cloud Foundry and Heroku
  tell(component, 'memory', 'Here it is resources: {memory: 512Mi}.'),
  tell(component, 'cpu', 'Here it is resources: {cpu: 500m}.'),
  tell(component, 'disk_quota', 'Here it is resources: {disk: 1Gi}.'),
  tell(component, 'buildpack', 'Here it is build: . (the language is detected).'),
  tell(component, 'buildpacks', 'Here it is build: . (the language is detected).'),
  tell(component, 'path', 'Here it is build: PATH for source, package: PATH for a war, jar or zip.'),
  tell(component, 'stack', 'Not needed: the image says it.'),
  tell(component, 'health-check-type', 'Here it is health: {http: /healthz}, tcp, grpc or command.'),
  tell(component, 'health-check-http-endpoint', 'Here it is health: {http: /healthz}.'),
  tell(
    component,
    'services',
    'Here it is called uses; the services themselves stand at the top of the file.',
  ),
  tell(component, 'domains', 'Here it is routes: [{host: shop.example.com}].'),
  tell(component, 'domain', 'Here it is routes: [{host: shop.example.com}].'),
  tell(component, 'host', 'Here it is routes: [{host: shop.example.com}].'),
  tell(component, 'random-route', 'Here it is routes: [{host: shop.example.com}].'),
  rename(component, 'quantity', 'instances'),
  tell(component, 'size', 'Here it is units: 2, or resources: {cpu: 500m, memory: 512Mi}.'),
  tell(component, 'dyno', 'Here it is units: 2, or resources: {cpu: 500m, memory: 512Mi}.'),
  tell(component, 'release', 'What runs before a deploy is a component with run: before_deploy.'),
  tell(component, 'name', 'Not needed: the name is the key under components.'),
  // Score
  tell(component, 'variables', 'Here it is called env.'),
  tell(component, 'config_vars', 'Here it is called env.'),
  // In env
  tell(
    `${component}.env.*`,
    'valueFrom',
    'Here it is {secret: NAME}, or {secret: NAME, key: KEY} for a Secret of somebody else.',
  ),
  tell(`${component}.env.*`, 'value', 'The value stands behind the name: NAME: value.'),
  tell(`${component}.env.*`, 'from_secret', 'Here it is {secret: NAME}.'),
  tell(
    `${component}.env.*`,
    '*',
    'A variable is one text, or {secret: NAME}; a map is written as text, in quotes.',
  ),
  // In health: Kubernetes and Compose
  tell(health, 'test', 'Here it is command: [/bin/check], or http: /healthz.'),
  tell(health, 'httpGet', 'Here it is http: /healthz.'),
  tell(health, 'tcpSocket', 'Here it is tcp: 8080.'),
  tell(health, 'exec', 'Here it is command: [/bin/check].'),
  tell(health, 'path', 'Here it is http: /healthz.'),
  rename(health, 'periodSeconds', 'interval'),
  rename(health, 'initialDelaySeconds', 'delay'),
  rename(health, 'timeoutSeconds', 'timeout'),
  rename(health, 'failureThreshold', 'failures'),
  rename(health, 'retries', 'failures'),
  tell(health, 'start_period', 'Here it is startup: {failures: 30}, or delay: 10s.'),
  // In resources: Kubernetes and Compose
  tell(resources, 'limits', 'cpu and memory stand here at once: resources: {cpu: 500m, memory: 512Mi}.'),
  tell(resources, 'requests', 'cpu and memory stand here at once: resources: {cpu: 500m, memory: 512Mi}.'),
  tell(
    resources,
    'reservations',
    'cpu and memory stand here at once: resources: {cpu: 500m, memory: 512Mi}.',
  ),
  rename(resources, 'cpus', 'cpu'),
  rename(resources, 'mem', 'memory'),
  // In services: a program of one's own, as in Compose
  ...['image', 'build', 'ports', 'port', 'command', 'environment', 'env', 'volumes', 'depends_on'].map(
    (key) =>
      tell(
        'services.*',
        key,
        'Programs of your own stand under components; services are databases and the like, by type.',
      ),
  ),
  tell('services.*', 'plan', 'Here it is units, resources and storage.'),
  tell('services.*', 'replicas', 'Here it is called instances, or high_availability: true.'),
  tell('services.*', 'name', 'Not needed: the name is the key under services.'),
  // In scaling_policy
  rename(`${component}.scaling_policy`, 'min', 'min_instances'),
  rename(`${component}.scaling_policy`, 'max', 'max_instances'),
  rename(`${component}.scaling_policy`, 'minReplicas', 'min_instances'),
  rename(`${component}.scaling_policy`, 'maxReplicas', 'max_instances'),
  // In environments
  tell('environments.*', 'env', 'Variables stand in their component: components: {web: {env: …}}.'),
  tell(
    'environments.*',
    'context',
    "Here it is cluster: NAME, the cluster's name in the kubeconfig; --context overrides it.",
  ),
];

/** Values of the wrong kind that are right in another tool: where, what stands there, and how it is written here. */
export const valueHabits: readonly { readonly at: string; readonly found: string; readonly hint: string }[] =
  [
    { at: 'components', found: 'list', hint: 'Components stand by name: components: {web: {image: …}}.' },
    {
      at: 'environments',
      found: 'list',
      hint: 'Environments stand by name: environments: {staging: {cluster: …}}.',
    },
    { at: 'services', found: 'list', hint: 'Services stand by name: services: {db: {type: postgresql}}.' },
    {
      at: component,
      found: 'null',
      hint: 'A component says at least its image: {image: registry.example.com/shop:1.4}.',
    },
    { at: component, found: 'scalar', hint: 'A component is a map: {image: registry.example.com/shop:1.4}.' },
    {
      at: `${component}.env`,
      found: 'list',
      hint: 'Variables are a map: NAME: value, without hyphens and =.',
    },
    {
      at: `${component}.env.*`,
      found: 'null',
      hint: 'For an empty value write "". The shell\'s variables are not taken over.',
    },
    {
      at: `${component}.env.*`,
      found: 'list',
      hint: 'A variable is one text; for a list write it in quotes.',
    },
    {
      at: `${component}.port`,
      found: 'text',
      hint: 'One number: the port that the program listens on. What is outside is said by routes.',
    },
    { at: `${component}.port`, found: 'list', hint: 'One number, or several ports: ports: [8080, 9000].' },
    {
      at: `${component}.ports.*`,
      found: 'text',
      hint: 'Only the port that the program listens on: ports: [80]. What is outside is said by routes.',
    },
    { at: `${component}.ports`, found: 'scalar', hint: 'One port is port: 8080; several are a list.' },
    { at: `${component}.health`, found: 'text', hint: 'Say how it is asked: health: {http: /healthz}.' },
    { at: `${component}.health`, found: 'boolean', hint: 'Leave health out: the port is asked over TCP.' },
    {
      at: `${component}.health.http`,
      found: 'map',
      hint: 'Only the path: http: /healthz; another port beside it: port: 9090.',
    },
    { at: `${component}.health.tcp`, found: 'map', hint: 'Only the port: tcp: 8080.' },
    { at: `${component}.routes`, found: 'text', hint: 'Routes are a list: routes: [shop.example.com].' },
    {
      at: `${component}.routes`,
      found: 'map',
      hint: 'Routes are a list: routes: [{host: shop.example.com}].',
    },
    {
      at: `${component}.volumes`,
      found: 'list',
      hint: 'Volumes stand by name: volumes: {data: {path: /data, size: 10Gi}}.',
    },
    { at: `${component}.volumes.*`, found: 'scalar', hint: 'A volume is a map: {path: /data, size: 10Gi}.' },
    {
      at: `${component}.files`,
      found: 'list',
      hint: 'Files stand by their path in the container: files: {/etc/app.yml: config/app.yml}.',
    },
    { at: `${component}.uses`, found: 'text', hint: 'A list of names: uses: [db].' },
    { at: `${component}.rollout`, found: 'text', hint: 'rollout is a map: {strategy: canary}.' },
    { at: `${component}.placement.spread`, found: 'text', hint: 'A list: spread: [nodes].' },
    { at: `${component}.image`, found: 'map', hint: 'One text: image: registry.example.com/shop:1.4.' },
    {
      at: `${component}.instances`,
      found: 'map',
      hint: 'One number; between two: scaling_policy: {min_instances: 2, max_instances: 10}.',
    },
    { at: 'services.*', found: 'null', hint: 'A service says at least its type: {type: postgresql}.' },
    { at: 'services.*', found: 'scalar', hint: 'A service is a map: {type: postgresql}.' },
    {
      at: 'environments.*',
      found: 'scalar',
      hint: 'An environment is a map: {cluster: north}; one that says nothing is {}.',
    },
  ];
