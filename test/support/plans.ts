import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInFeatures } from '../../src/catalog/built-in-features.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { type PlatformFile, readPlatform } from '../../src/model/platform.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { assumedInputs } from '../../src/plan/assumed-inputs.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import { fail } from '../../src/problems/problem.ts';
import { root } from './paas.ts';

const features = await builtInFeatures(root);

/** The plans of a folder's file in each of its environments, as they are without a cluster; files are empty. */
export async function plansOf(folder: string): Promise<Plan[]> {
  const text = readFileSync(join(folder, 'paas.yaml'), 'utf8');
  const { apps, problems } = checkSource({ path: 'paas.yaml', text }, undefined, platformOf(folder));
  if (problems.length > 0) fail(...problems);
  return apps.map(({ app }) => renderPlan(app, features, { ...assumedInputs(app).inputs, files: {} }));
}

function platformOf(folder: string): PlatformFile | undefined {
  const path = join(folder, 'platform.yaml');
  if (!existsSync(path)) return undefined;
  const source = { path: 'platform.yaml', text: readFileSync(path, 'utf8') };
  const { file, problems } = readPlatform(parseDocument(source).root, source);
  return file ?? fail(...problems);
}
