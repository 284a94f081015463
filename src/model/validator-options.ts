/** How schemas are compiled, at run time and by the build. References stay calls: written out in each place, the compiled form would be several times as long. */
export const validatorOptions = { allErrors: true, strict: false, inlineRefs: false } as const;
