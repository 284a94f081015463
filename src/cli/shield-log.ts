/**
 * Lets the log of GitHub Actions obey nothing of what a program of others writes, until the returned function is
 * called. Source: "Workflow commands", stopping and starting workflow commands.
 */
export function shieldLog(env: Readonly<Record<string, string | undefined>>): () => void {
  if (env.GITHUB_ACTIONS !== 'true') return () => {};
  const token = crypto.randomUUID().replaceAll('-', '');
  process.stderr.write(`::stop-commands::${token}\n`);
  return () => {
    process.stderr.write(`::${token}::\n`);
  };
}
