import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { test } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';

// Values that look like something else arrive unchanged in the program: as variables, arguments, texts and files.

const corpus: readonly string[] = [
  'plain',
  '',
  ' ',
  ' leading and trailing ',
  '1.10',
  '007',
  '0x1F',
  '1e3',
  'yes',
  'no',
  'null',
  '~',
  'true',
  '2026-11-21',
  '12:30:45',
  '{a: b}',
  '[1, 2]',
  '- item',
  '# not a comment',
  'a # b',
  'key: value',
  '"quoted"',
  "it's",
  "'single'",
  '`backticks`',
  '$(VALUE_0)',
  '$$(VALUE_0)',
  '$VALUE_0',
  '${VALUE_0}',
  '%VALUE_0%',
  '{{ .Values.image }}',
  '{{- end }}',
  '{% raw %}',
  '<%= 7 * 7 %>',
  '{$eval: component.image}',
  '{"$eval": "component.image"}',
  '$eval',
  '$if',
  '${component.image}',
  '$${component.image}',
  '&anchor',
  '*alias',
  '!!binary aGk=',
  '!tag x',
  '<<: *x',
  '---',
  '...',
  '|',
  '>-',
  '@at',
  '%TAG',
  'line one\nline two',
  'ends with a line feed\n',
  '\n\nbegins with two',
  'tab\there',
  'carriage\r\nreturn',
  'back\\slash \\n \\u0041',
  'ünïcödé 日本語 🙂 \u200b zero width',
  'right-to-left \u202e abc',
  '\u0301combining',
  '\u{1F469}\u200d\u{1F4BB}',
  '\ufeffbom',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  '; rm -rf / #',
  '$(rm -rf /)',
  '| cat /etc/passwd',
  '../../../../etc/passwd',
  'a'.repeat(20_000),
];

test('values arrive as they are written', async ({ makeApp }) => {
  const files = Object.fromEntries(corpus.map((content, index) => [`/data/text-${index}`, { content }]));
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const env = Object.fromEntries(corpus.map((value, index) => [`VALUE_${index}`, value]));
  const paths = [...Object.keys(files), '/data/bytes', '/data/file'];
  const app = makeApp('');
  app.write(
    stringify({
      components: {
        show: {
          image: image('faulty:1.0'),
          command: ['show', ...corpus],
          run: 'before_deploy',
          resources: { cpu: '10m', memory: '32Mi' },
          env: { ...env, MODE: 'show', FILES: paths.join(' ') },
          files: { ...files, '/data/bytes': 'bytes.bin', '/data/file': 'odd name ${x}.txt' },
        },
      },
    }),
  );
  writeFileSync(join(app.folder, 'bytes.bin'), bytes);
  writeFileSync(join(app.folder, 'odd name ${x}.txt'), corpus.join('\n'));

  const run = await app.paas(['deploy']);
  expect(run.all).toContain('Release 1 is live');
  const said = JSON.parse(
    (await kubectl('-n', app.namespace, 'logs', 'job/show-r1'))
      .split('\n')
      .find((line) => line.startsWith('{'))!,
  );
  const text = (base64: string): string => Buffer.from(base64, 'base64').toString();
  expect(said.arguments.slice(1).map(text)).toEqual(corpus);
  for (const [index, value] of corpus.entries()) {
    expect(text(said.variables[`VALUE_${index}`]), `variable ${index}`).toBe(value);
    expect(text(said.files[`/data/text-${index}`]), `text ${index}`).toBe(value);
  }
  expect(Buffer.from(said.files['/data/bytes'], 'base64')).toEqual(bytes);
  expect(text(said.files['/data/file'])).toBe(corpus.join('\n'));
});

test('what Kubernetes cannot take is refused, with its place', async ({ makeApp }) => {
  const app = makeApp(`
components:
  web:
    image: ${image('hello:1.0')}
    resources: ${small}
    env: {ZERO: "a\\0b"}
`);
  const run = await app.paas(['validate']);
  expect(run.code).toBe(7);
  expect(run.stderr).toMatch(/paas\.yaml:7:\d+/);
});
