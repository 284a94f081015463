import { kill } from 'node:process';
import { execa } from 'execa';

// A tool that is ended leaves what it works on in its storage: each interrupted build a copy of an image. A tool whose
// step fails tidies up. So the program of the step is what is ended, and the tool left to find that it failed.

/** Programs of the tools themselves, by which they run a step. */
const ofTools =
  /^\S*(buildah|podman|runc|crun|conmon|netavark|aardvark-dns|slirp4netns|pasta|fuse-overlayfs|unshare|exe|sh -e)\S*( |$)/;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/**
 * Ends the programs that a step of a build has begun, the innermost first: called again, those around them. Gives how
 * many there were. Nothing happens where processes can't be listed.
 */
export async function endSteps(tool: number): Promise<number> {
  const { stdout } = await execa('ps', ['-A', '-o', 'pid=,ppid=,args='], { reject: false });
  const steps = innermost(readProcesses(stdout ?? ''), tool).filter(({ command }) => !ofTools.test(command));
  for (const { pid } of steps) {
    try {
      kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  return steps.length;
}

function readProcesses(text: string): Process[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** What has come of a process and has begun nothing itself. */
function innermost(all: readonly Process[], of: number): Process[] {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found: Process[] = [];
  const visit = (pid: number): void => {
    for (const child of children.get(pid) ?? []) {
      if (children.has(child.pid)) visit(child.pid);
      else found.push(child);
    }
  };
  visit(of);
  return found;
}
