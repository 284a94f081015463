import { appPages } from './pages/app.ts';
import { buildPages } from './pages/build.ts';
import { catalogPages } from './pages/catalog.ts';
import { causePages } from './pages/causes.ts';
import { clusterPages } from './pages/cluster.ts';
import { deployPages } from './pages/deploy.ts';
import { detectPages } from './pages/detect.ts';
import { filePages } from './pages/file.ts';
import { instancePages } from './pages/instances.ts';
import type { Page } from './pages/page.ts';
import { platformPages } from './pages/platform.ts';
import { preFlightPages } from './pages/pre-flight.ts';
import { registryPages } from './pages/registry.ts';
import { releasePages } from './pages/releases.ts';
import { routingPages } from './pages/routing.ts';

export type { Page };

/** A page for each code of a problem: `paas explain CODE`. A test holds that there is one for each. */
export const pages: Readonly<Record<string, Page>> = {
  ...filePages,
  ...appPages,
  ...buildPages,
  ...catalogPages,
  ...causePages,
  ...clusterPages,
  ...deployPages,
  ...detectPages,
  ...instancePages,
  ...platformPages,
  ...preFlightPages,
  ...registryPages,
  ...releasePages,
  ...routingPages,
};
