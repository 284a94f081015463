import { writeFileSync } from 'node:fs';
import escapeHtml from 'escape-html';

writeFileSync('built.txt', escapeHtml('built <here>'));
