import { spawnSync } from 'node:child_process';

/**
 * Passes what is written to our terminal through as it is. Node's raw mode still makes CR LF of each LF, which moves
 * the cursor where a full-screen program doesn't want it. Ends with raw mode; without `stty` nothing happens.
 */
export function passOutputThrough(): void {
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
}
