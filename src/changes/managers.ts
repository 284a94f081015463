/** Programs that people type at: what they changed by hand is taken back to what the file says. */
export const peoplesTools = /^(kubectl|k9s|rancher)/;
/** Programs that own their fields for good: autoscalers, injectors. */
export const controllers =
  /^(kube-controller-manager|horizontal-pod-autoscaler|keda-operator|vpa-|istio|pilot)/;
/** Programs that make objects for people, whose word ends where somebody takes those objects over. */
export const deployTools = /^(kubectl|k9s|rancher|helm|before-first-apply)/i;
/** This program's own, of whichever app. */
export const anyApps = /^paas:/;
