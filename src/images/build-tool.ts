/** The programs that can build an image, the first that works is taken. */
export const toolNames = ['docker', 'podman', 'buildah'] as const;
export type ToolName = (typeof toolNames)[number];

/** A build tool that answers. */
export interface BuildTool {
  readonly name: ToolName;
  readonly version: string;
  /** Docker's newer builder: quicker, and the only one of Docker's that can make the same image twice. */
  readonly buildx: boolean;
}

/** Why a tool can't be used. */
export type Unusable = 'absent' | 'no-daemon' | 'no-rights' | 'no-buildx' | 'broken';

export interface TriedTool {
  readonly name: ToolName;
  readonly why: Unusable;
  /** What it said. */
  readonly said: string;
}
