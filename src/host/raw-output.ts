import { execaSync } from 'execa';

/**
 * Passes what is written to our terminal through as it is. Node's raw mode still makes CR LF of each LF, which moves
 * the cursor where a full-screen program doesn't want it. Ends with raw mode; without `stty` nothing happens.
 */
export function passOutputThrough(): void {
  execaSync('stty', ['-opost'], { stdin: 'inherit', stdout: 'ignore', stderr: 'ignore', reject: false });
}
