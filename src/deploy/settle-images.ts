import type { State } from '../changes/read-state.ts';
import type { KubeObject } from '../cluster/cluster.ts';
import { labelKeys, stableTrack } from '../plan/names.ts';

/** The images of components, as far as they are known before the cluster is asked. */
export interface ImageInputs {
  /** By component: what was built, and tags as the digests they stand for. */
  readonly known: Readonly<Record<string, string>>;
  /**
   * By component: what couldn't be asked or wasn't built. `any`: whatever image is deployed stays; else only one that
   * is this very reference with a digest, so that a registry out of reach changes nothing.
   */
  readonly open: Readonly<Record<string, { readonly reference: string; readonly any: boolean }>>;
}

export const noImages: ImageInputs = { known: {}, open: {} };

/** The same once it is known what is deployed. */
export function settleImages({ known, open }: ImageInputs, state: State): Readonly<Record<string, string>> {
  const live = [...state.live.values()];
  const settled = Object.entries(open).map(([component, { reference, any }]) => {
    const deployed = live.map((object) => imageOf(object, component)).find((image) => image !== undefined);
    const stays = deployed !== undefined && (any || deployed.startsWith(`${reference}@`));
    return [component, stays ? deployed : reference] as const;
  });
  return { ...known, ...Object.fromEntries(settled) };
}

function imageOf({ metadata, spec }: KubeObject, component: string): string | undefined {
  if (metadata.labels?.[labelKeys.component] !== component || metadata.labels?.[labelKeys.run])
    return undefined;
  const pod = spec?.template ?? spec?.jobTemplate?.spec?.template;
  const track = pod?.metadata?.labels?.[labelKeys.track];
  if (track !== undefined && track !== stableTrack) return undefined;
  return pod?.spec?.containers?.[0]?.image;
}
