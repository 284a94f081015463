import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../support/app.ts';
import { paas } from '../support/paas.ts';

// Of an object of the whole app, too: what holds because nothing is said is the default of a key of a component.

test('defaults of lists, and of what stands in lists, are called by their keys', async ({ makeFolder }) => {
  const cwd = makeFolder();
  writeFileSync(
    join(cwd, 'paas.yaml'),
    'app: shop\ncomponents:\n  web: {image: a, port: 8080, routes: [shop.example.com], traffic: {retries: 2}}\n',
  );
  const explained = async (field: string): Promise<string> =>
    (await paas(['explain', 'virtualservice/shop.example.com', field], { cwd })).stdout;
  expect(await explained('spec.http[0].retries.retryOn')).toContain(
    'It is the default: components.web.traffic.retries.on is not said',
  );
  expect(await explained('spec.http[0].match[0].uri.prefix')).toContain(
    'It is the default: components.web.routes[0].path is not said (/)',
  );
  expect(await explained('spec.http[0].retries.attempts')).toMatch(
    /comes from components\.web\.traffic\.retries\.attempts:\n +--> paas\.yaml:3:78/,
  );
  expect(await explained('spec.http[0].route[0].destination.port.number')).toContain('components.web.port');
});
