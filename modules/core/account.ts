import { Fault } from "./fault.ts";

const NAME = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?";
const FORM = new RegExp(`^@${NAME}(?:/${NAME}){0,19}$`);

/**
 * A person or a team on the service that keeps the repository, as CODEOWNERS writes it: `@dindik-tik`, `@kominfo/jaringan`
 * (GitHub), `@kominfo/pusat-data/jaringan` (GitLab's groups nest up to twenty deep).
 */
export function parseAccount(text: string): string | Fault {
  if (FORM.test(text)) return text;
  const meant = text.startsWith("@") ? undefined : `@${text.replace(/^.*\/\/[^/]+\//, "")}`;
  return new Fault(
    `"${text}" is not an account`,
    meant !== undefined && FORM.test(meant)
      ? `write "${meant}"`
      : 'write it as "@dindik-tik" or "@kominfo/jaringan"',
  );
}
