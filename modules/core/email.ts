import { Fault } from "./fault.ts";
import { Hostname } from "./hostname.ts";

/** The dot-atoms of RFC 5322 section 3.2.3 without its rarest characters, which people only type by mistake. */
const LOCAL_PART = /^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*$/;

const EXAMPLE = "tik@dindikpora.temanggungkab.go.id";

/** One mailbox, `tik@dindikpora.temanggungkab.go.id`: no display name, no comment, no quotes. */
export function parseEmail(text: string): string | Fault {
  const [local, domain, ...more] = text.split("@");
  if (
    local === undefined ||
    domain === undefined ||
    more.length > 0 ||
    local.length > 64 ||
    !LOCAL_PART.test(local)
  )
    return new Fault(`"${text}" is not an e-mail address`, meant(text));
  const host = Hostname.parse(domain.toLowerCase());
  if (host instanceof Fault)
    return new Fault(
      `"${text}" is an e-mail address with a domain that cannot exist`,
      `write the whole address, as ${EXAMPLE}`,
    );
  return text;
}

/** What stands between angle brackets, or the one address among several words. */
function meant(text: string): string {
  const found = text
    .split(/[\s,;<>]+/)
    .filter((word) => word !== text && word.includes("@") && typeof parseEmail(word) === "string");
  if (found.length === 1) return `write ${found[0]}`;
  return found.length === 0
    ? `write it as ${EXAMPLE}`
    : "write one address, and another contact for the other";
}
