/** A plain value on one line, as a person would write it in YAML. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, one]) => `${scalar(key)}: ${flow(one)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? scalar(value) : String(value);
}

/** Quotes where YAML would read something else. */
function scalar(text: string): string {
  const plain = /^[A-Za-z/.][\w ./@+%:=-]*$|^\d+[a-zA-Z%][\w%/]*$/.test(text) && !/: |:$| #| $/.test(text);
  const other = /^(true|false|null|yes|no|on|off|\d+e\d+|0x[\da-f]+|0o[0-7]+|\.inf|\.nan)$/i.test(text);
  return plain && !other ? text : JSON.stringify(text);
}
