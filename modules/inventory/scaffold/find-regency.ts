import { Fault } from "../../core/fault.ts";
import { slugOf } from "../../core/slug.ts";
import { nearest } from "../suggestion.ts";
import { folderName, fullName, type Regency } from "./areas.ts";

/** The kabupaten or kota that a person means by `33.23`, `temanggung`, `kota bandung` or `Kabupaten Bandung`. */
export function findRegency(word: string, regencies: readonly Regency[]): Regency | Fault {
  const byCode = regencies.find(({ code }) => code === word);
  if (byCode !== undefined) return byCode;
  if (/^[\d.]*$/.test(word)) return unknownCode(word, regencies);
  const slug = slugOf(word);
  const exact = regencies.find((regency) => slugOf(fullName(regency)) === slug);
  if (exact !== undefined) return exact;
  const [found, ...others] = regencies.filter(({ name }) => slugOf(name) === slug);
  if (found === undefined) return unknownName(word, slug, regencies);
  if (others.length === 0) return found;
  const all = [found, ...others].map(withCode).join(" or ");
  return new Fault(`"${word}" is the name of a kabupaten and of a kota`, `write the code: ${all}`);
}

function unknownCode(word: string, regencies: readonly Regency[]): Fault {
  const what = `"${word}" is not the code of a kabupaten or kota`;
  const digits = word.replaceAll(".", "");
  const dotted = `${digits.slice(0, 2)}.${digits.slice(2, 4)}`;
  const meant = regencies.find(({ code }) => code === dotted);
  if (meant !== undefined) return new Fault(what, `write ${withCode(meant)}`);
  const province = regencies.filter(({ code }) => code.startsWith(`${digits.slice(0, 2)}.`));
  return province.length > 0 && digits.length >= 2
    ? new Fault(what, `choose from: ${province.map(withCode).join(", ")}`)
    : new Fault(what, "write it as 33.23, the Ministry of Home Affairs' code, or write the name");
}

function unknownName(word: string, slug: string, regencies: readonly Regency[]): Fault {
  const names = regencies.flatMap((regency) => [
    slugOf(regency.name),
    folderName(regency),
    slugOf(fullName(regency)),
  ]);
  const meant = nearest(slug, names);
  const near = regencies.filter(
    (regency) =>
      meant !== undefined &&
      [slugOf(regency.name), folderName(regency), slugOf(fullName(regency))].includes(meant),
  );
  return new Fault(
    `"${word}" is not the name of a kabupaten or kota`,
    near.length > 0
      ? `write ${near.map(withCode).join(" or ")}`
      : "write its Kemendagri code, such as 33.23",
  );
}

function withCode(regency: Regency): string {
  return `${regency.code} (${fullName(regency)})`;
}
