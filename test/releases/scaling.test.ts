import { expect, test } from 'vitest';
import { type Scaling, withScaling } from '../../src/releases/scaling.ts';

const scaling = (minute: number, from: number, to: number, more: Partial<Scaling> = {}): Scaling => ({
  at: new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString(),
  by: 'ann@laptop',
  release: 3,
  changes: [{ component: 'web', from, to }],
  ...more,
});

test('what one person does to one release within ten minutes is one entry', () => {
  expect(withScaling([scaling(0, 1, 3)], scaling(5, 3, 5))).toEqual([scaling(5, 1, 5)]);
  expect(withScaling([scaling(0, 1, 3)], scaling(15, 3, 5))).toHaveLength(2);
  expect(withScaling([scaling(0, 1, 3)], scaling(5, 3, 5, { by: 'bob@laptop' }))).toHaveLength(2);
  expect(withScaling([scaling(0, 1, 3)], scaling(5, 3, 5, { release: 4 }))).toHaveLength(2);
  expect(withScaling([scaling(0, 1, 3)], scaling(5, 3, 1, { reset: true }))).toHaveLength(2);
});

test('there and back again is nothing', () => {
  expect(withScaling([scaling(0, 1, 3)], scaling(5, 3, 1))).toEqual([]);
});

test('the history stays small, whatever is scaled', () => {
  const changes = Array.from({ length: 1000 }, (_, index) => ({
    component: `worker-${index}`,
    from: 1,
    to: 2,
  }));
  let history: Scaling[] = [];
  for (let hour = 0; hour < 50; hour++)
    history = withScaling(history, { ...scaling(60 * hour, 1, 2), changes });
  expect(JSON.stringify(history).length).toBeLessThan(70_000);
  expect(history[0]?.changes).toHaveLength(1000);
});
