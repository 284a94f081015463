/** What is looked at of an instance, or of the template of one. */
export interface WithContainers {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly containers?: readonly { readonly name: string }[] };
}

/** Source: Kubernetes, "Well-Known Labels, Annotations and Taints". */
const defaultContainer = 'kubectl.kubernetes.io/default-container';

/**
 * The container that runs a component's program, by name. It isn't always the first: what a webhook adds, such as the
 * proxy of a service mesh, may stand before it. Undefined where there is none at all.
 */
export function ownContainer({ metadata, spec }: WithContainers, component: string): string | undefined {
  const names = (spec?.containers ?? []).map(({ name }) => name);
  const likely = [component, metadata?.annotations?.[defaultContainer]];
  return likely.find((name) => name !== undefined && names.includes(name)) ?? names[0];
}
