/** Programs that people type at: what they changed by hand is taken back to what the file says. */
export const peoplesTools = /^(kubectl|k9s|rancher)/;
/** Programs that own their fields for good: autoscalers, injectors. */
export const controllers =
  /^(kube-controller-manager|horizontal-pod-autoscaler|keda-operator|vpa-|istio|pilot)/;
