/** Whether a build argument is named as if its value were a secret. */
export function isLikeSecret(name: string): boolean {
  return /secret|token|passw|passphrase|credential|api_?key|private_?key|access_?key|(^|_)auth($|_)/i.test(
    name,
  );
}

/** Takes the values of such arguments out of what is shown. */
export function hideSecrets(args: Readonly<Record<string, string>>): (text: string) => string {
  const values = Object.entries(args)
    .filter(([name, value]) => isLikeSecret(name) && value.length > 0)
    .map(([, value]) => value)
    // A value may stand in a longer one.
    .sort((a, b) => b.length - a.length);
  return (text) => values.reduce((shown, value) => shown.replaceAll(value, '***'), text);
}
