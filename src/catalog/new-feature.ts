/** The files of a feature to begin with, by their paths in its folder. It works as it is. */
export function newFeature(name: string): Readonly<Record<string, string>> {
  const key = name.replaceAll('-', '_');
  return {
    'feature.yaml': `# What it is, in one sentence: paas catalog shows it.
description: An annotation on the instances of a component, and a ConfigMap with the same.
# It comes after the built-in feature that makes the workload.
after: [component]
# Where this is false, it adds nothing.
when: component.${key}
`,
    'schema.yaml': `# The keys that it adds to a component, as JSON Schema. Editors and paas explain show description and examples.
# Literals are read by their x-type: duration, percent, size, cpu, memory, cron, time_zone, host, image, text …
${key}:
  description: What ${key} says.
  type: object
  additionalProperties: false
  required: [note]
  properties:
    note:
      description: A text.
      type: string
      examples: [hello]
    every:
      description: How often; here a number of seconds by the time a template sees it.
      type: [string, number]
      x-type: duration
      default: 5min
      examples: [30s]
  examples: [{note: hello, every: 30s}]
`,
    'objects/config-map.yaml': `# An object of its own for each component that says the key. YAML with json-e: https://json-e.js.org/
apiVersion: v1
kind: ConfigMap
metadata:
  name: \${component.object_name}-${name}
data:
  note: {$eval: component.${key}.note}
  every_seconds: \${component.${key}.every}
`,
    'patches/pod.yaml': `# What it changes in the pods of the component; workload.yaml, container.yaml and service.yaml go the same way.
metadata:
  annotations:
    example.com/${name}: {$eval: component.${key}.note}
`,
    'examples/simple/paas.yaml': `app: example
components:
  web:
    image: registry.example.com/web:1.0
    port: 8080
    ${key}: {note: hello, every: 30s}
`,
  };
}
