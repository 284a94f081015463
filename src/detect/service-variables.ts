import { shownIn } from './dependencies.ts';
import type { SourceFolder } from './source-folder.ts';

/** How the variables of a service's address are called by those who write apps, by the service's type. */
const usual: Readonly<Record<string, RegExp>> = {
  postgresql:
    /^(DATABASE_|DB_|POSTGRES|PG(HOST|PORT|USER|PASSWORD|DATABASE)|SQLALCHEMY_DATABASE|SPRING_DATASOURCE_)/,
  mysql: /^(DATABASE_|DB_|MYSQL|MARIADB|SQLALCHEMY_DATABASE|SPRING_DATASOURCE_)/,
  mongodb: /^(MONGO|DATABASE_UR)/,
  redis: /^(REDIS|VALKEY|CELERY_(BROKER|RESULT))/,
  memcached: /^MEMCACHED?_/,
  rabbitmq: /^(RABBIT|AMQP|CLOUDAMQP|CELERY_BROKER)/,
  kafka: /^KAFKA_/,
  nats: /^NATS_/,
};

/** Names of an address, not of how it is used. */
const ofAddresses =
  /(URL|URI|DSN|HOST|HOSTNAME|PORT|USER|USERNAME|PASSWORD|PASS|NAME|DATABASE|ADDR|ADDRESS|SERVERS?|BROKERS?)$/;

const examples = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
  'env.example',
  '.env.local.example',
];

/** The variables that a source's own example of its environment has for a service, and which file says so. */
export async function exampleVariables(
  source: SourceFolder,
  type: string,
): Promise<{ readonly names: readonly string[]; readonly file: string } | undefined> {
  const pattern = usual[type];
  if (!pattern) return undefined;
  for (const file of examples.filter(source.has)) {
    const text = (await source.read(file)) ?? '';
    const all = [...text.matchAll(/^\s*#?\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/gm)].map(
      (match) => match[1]!,
    );
    const names = [...new Set(all)].filter((name) => pattern.test(name) && ofAddresses.test(name));
    if (names.length > 0) return { names, file: shownIn(source, file) };
  }
  return undefined;
}
