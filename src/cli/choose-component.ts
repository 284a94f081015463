import type { App, Component } from '../model/app.ts';
import { unknownComponent } from '../problems/deploy.ts';
import { whichComponent } from '../problems/instances.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';

/** The component that is named; where none is, the only one that keeps running. Throws a PaasError. */
export function chooseComponent({ components }: App, asked: string | undefined): Component {
  if (asked !== undefined) {
    const known = components.map(({ name }) => name);
    const found = components.find(({ name }) => name === asked);
    return found ?? fail(unknownComponent(asked, known, nearest(asked, known)));
  }
  const running = components.filter(({ run }) => run.type === 'always');
  const [only] = running;
  return only && running.length === 1 ? only : fail(whichComponent(running.map(({ name }) => name)));
}
