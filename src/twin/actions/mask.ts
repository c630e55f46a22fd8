/** Replaces secrets in what a job prints. Values of few characters would blot out ordinary text, GitHub masks them all the same. */
export function mask(text: string, secrets: readonly string[]): string {
  const announced = [...text.matchAll(/^::add-mask::(.*)$/gm)].map((found) => (found[1] ?? '').trim());
  const lines = [...secrets, ...announced].flatMap((secret) => [secret, ...secret.split(/\r?\n/)]);
  const wanted = [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))].sort((a, b) => b.length - a.length);
  return wanted.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}
