import { Fault } from "./fault.ts";
import { Hostname } from "./hostname.ts";

/** The dot-atoms of RFC 5322 section 3.2.3 without its rarest characters, which people only type by mistake. */
const LOCAL_PART = /^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*$/;

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
    return new Fault(
      `"${text}" is not an e-mail address`,
      "write it as tik@dindikpora.temanggungkab.go.id",
    );
  const host = Hostname.parse(domain.toLowerCase());
  if (host instanceof Fault)
    return new Fault(`"${text}" is an e-mail address with a domain that cannot exist`, host.fix);
  return text;
}
