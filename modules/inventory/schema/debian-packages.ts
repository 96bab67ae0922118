import type * as v from "valibot";

import { Fault } from "../../core/fault.ts";
import { list } from "./collections.ts";
import { field } from "./field.ts";

/** Names of Debian packages (Debian Policy 5.6.1), without version or architecture; may be empty. */
export function debianPackages(): v.GenericSchema<unknown, readonly string[]> {
  const name = field(parsePackage, {
    id: "package-form",
    why: "it is the name by which Debian's archive knows the package",
    example: "php-redis",
  });
  return list(name, 0, "[git, redis-server]");
}

function parsePackage(text: string): string | Fault {
  if (/[=/:~]/.test(text))
    return new Fault(
      `"${text}" is a package with a version or an architecture`,
      "write the name alone: the archive's present version is installed",
    );
  if (/^[a-z0-9][a-z0-9+.-]{1,99}$/.test(text)) return text;
  return new Fault(
    `"${text}" is not the name of a Debian package`,
    "write it as packages.debian.org does: small letters, digits and + - .",
  );
}
