/** Wakes who waits. Rings that nobody waits for are kept, and several count as one. */
export interface Bell {
  readonly ring: () => void;
  /** Resolves with the next ring, or after so many milliseconds. */
  readonly next: (milliseconds: number) => Promise<void>;
}

export function makeBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    next: async (milliseconds) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      wake = undefined;
    },
  };
}
