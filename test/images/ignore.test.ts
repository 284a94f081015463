import { describe, expect, test } from 'vitest';
import { compilePatterns, matchesPatterns, mayBringBack, readIgnoreLines } from '../../src/images/ignore.ts';
import { PaasError } from '../../src/problems/problem.ts';

// The cases of Docker's own tests.
// Source: github.com/moby/patternmatcher v0.6.0, patternmatcher_test.go and ignorefile/ignorefile_test.go (Apache-2.0).

const cases: readonly (readonly [pattern: string, path: string, matches: boolean])[] = [
  ['**', 'file', true],
  ['**/', 'file', true],
  ['**', 'dir/file', true],
  ['**/', 'dir/file', true],
  ['**/**', 'dir/file', true],
  ['dir/**', 'dir/file', true],
  ['dir/**', 'dir/dir2/file', true],
  ['**/dir', 'dir', true],
  ['**/dir', 'dir/file', true],
  ['**/dir2/*', 'dir/dir2/file', true],
  ['**/dir2/**', 'dir/dir2/dir3/file', true],
  ['**file', 'file', true],
  ['**file', 'dir/file', true],
  ['**/file', 'dir/file', true],
  ['**file', 'dir/dir/file', true],
  ['**/file', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file.txt', true],
  ['**/file*txt', 'dir/dir/file.txt', true],
  ['**/file*.txt', 'dir/dir/file.txt', true],
  ['**/file*.txt*', 'dir/dir/file.txt', true],
  ['**/**/*.txt', 'dir/dir/file.txt', true],
  ['**/**/*.txt2', 'dir/dir/file.txt', false],
  ['**/*.txt', 'file.txt', true],
  ['**/**/*.txt', 'file.txt', true],
  ['a**/*.txt', 'a/file.txt', true],
  ['a**/*.txt', 'a/dir/file.txt', true],
  ['a**/*.txt', 'a/dir/dir/file.txt', true],
  ['a/*.txt', 'a/dir/file.txt', false],
  ['a/*.txt', 'a/file.txt', true],
  ['a/*.txt**', 'a/file.txt', true],
  ['a[b-d]e', 'ae', false],
  ['a[b-d]e', 'ace', true],
  ['a[b-d]e', 'aae', false],
  ['a[^b-d]e', 'aze', true],
  ['.*', '.foo', true],
  ['.*', 'foo', false],
  ['abc.def', 'abcdef', false],
  ['abc.def', 'abc.def', true],
  ['abc.def', 'abcZdef', false],
  ['abc?def', 'abcZdef', true],
  ['abc?def', 'abcdef', false],
  ['a\\\\', 'a\\', true],
  ['**/foo/bar', 'foo/bar', true],
  ['**/foo/bar', 'dir/foo/bar', true],
  ['**/foo/bar', 'dir/dir2/foo/bar', true],
  ['abc/**', 'abc', false],
  ['abc/**', 'abc/def', true],
  ['abc/**', 'abc/def/ghi', true],
  ['**/.foo', '.foo', true],
  ['**/.foo', 'bar.foo', false],
  ['a(b)c/def', 'a(b)c/def', true],
  ['a(b)c/def', 'a(b)c/xyz', false],
  ['a.|)$(}+{bc', 'a.|)$(}+{bc', true],
  [
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    true,
  ],
  ['dist/*.whl', 'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl', true],
  ['a\\*b', 'a*b', true],
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'ab/c', true],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[e-g]', 'abc', false],
  ['ab[^c]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['a???b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['*[a-ζ]', 'A', false],
  ['a?b', 'a/b', false],
  ['a*b', 'a/b', false],
];

test.each(cases)('%s and %s: %s', (pattern, path, matches) => {
  expect(matchesPatterns(compilePatterns([pattern]), path)).toBe(matches);
});

test.each([
  [['**', '!util/docker/web'], 'util/docker/web/foo', false],
  [['**', '!util/docker/web', 'util/docker/web/foo'], 'util/docker/web/foo', true],
  [['**', '!dist/a+b.whl'], 'dist/a+b.whl', false],
  [['**', '!dist/*.whl'], 'dist/a+b.whl', false],
  [['*.go', '!fileutils.go'], 'fileutils.go', false],
  // What is taken back before it is left out stays out: the order counts.
  [['!fileutils.go', '*.go'], 'fileutils.go', true],
  [['docs', '  !docs/README.md'], 'docs/README.md', false],
  [['docs', '!docs/README.md  '], 'docs/README.md', false],
])('the last one that matches decides: %j and %s', (patterns, path, matches) => {
  expect(matchesPatterns(compilePatterns(patterns), path)).toBe(matches);
});

test('the lines of a file', () => {
  const text =
    '\uFEFF/test1\n/test2\n/a/file/here\n\nlastfile\n# a comment\n! /inverted/abs/path\n!\n! \n ./x/ \r\n #no comment\n';
  expect(readIgnoreLines(text)).toEqual([
    'test1',
    'test2',
    'a/file/here',
    'lastfile',
    '!inverted/abs/path',
    '!',
    '!',
    'x',
    '#no comment',
  ]);
});

test.each(['!', '[', 'a[', 'a[b-', '[a-]', '\\', '[]a]'])(
  "%s can't be read, and it is said so",
  (pattern) => {
    const attempt = (): unknown => compilePatterns(['ok', pattern]);
    expect(attempt).toThrow(PaasError);
    expect(attempt).toThrow(`pattern that can't be read: ${pattern}`);
  },
);

describe('which folder need not be looked into', () => {
  test.each([
    [['node_modules'], 'node_modules', false],
    [['node_modules', '!src'], 'node_modules', false],
    [['node_modules', '!node_modules/mine'], 'node_modules', true],
    [['node_modules', '!node_modules/mine'], 'node_modules/mine', true],
    [['node_modules', '!node_modules/mine'], 'node_modules/yours', false],
    [['*', '!**/*.md'], 'docs', true],
    [['*', '!docs/*.md'], 'docs', true],
    [['*', '!docs/*.md'], 'lib', false],
  ])('%j: %s', (patterns, folder, into) => {
    expect(mayBringBack(compilePatterns(patterns), folder)).toBe(into);
  });
});
