import { mkdirSync, writeFileSync } from 'node:fs';
import escapeHtml from 'escape-html';

mkdirSync('dist', { recursive: true });
writeFileSync(
  'dist/index.html',
  `<!doctype html><title>pages</title><p>${escapeHtml('pages say hello')}</p>\n`,
);
