import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { suggestion } from "../suggestion.ts";
import type { Entry, InventoryFiles } from "../inventory-files.ts";
import type { VpsFile } from "../schema/vps.ts";

/** What is published and how fits together, and nobody opens what nobody should. */
export function checkPublications(files: InventoryFiles): Diagnostic[] {
  return [...files.vps.flatMap(ofOne), ...egressTargets(files)];
}

const WEB = [80, 443];

function ofOne({ file, source }: Entry<VpsFile>): Diagnostic[] {
  return file.publish.flatMap((publication, index) => {
    const { name, port, audience, tls, health } = publication;
    const at = (key: string) => source.at("publish", index, key);
    const web = WEB.includes(port);
    const forEdge = (["to", "tls", "client", "health", "limit"] as const).filter(
      (key) => publication[key] !== undefined,
    );
    const findings: Diagnostic[] = [];
    if (port === 22 && audience === "internet")
      findings.push(
        errorAt(
          at("audience"),
          "ssh-to-internet",
          `${name} opens SSH to the internet`,
          "whatever answers there is tried by strangers within minutes, day and night",
          "reach it from the agency's own LAN, which is always open, or name agencies: [dinas-kominfo]",
        ),
      );
    else if (!web && audience === "internet")
      findings.push({
        ...errorAt(
          at("port"),
          "publication-stays-inside",
          `port ${port} of ${name} is for the internet, and only the kabupaten will reach it`,
          "the exit lets strangers in to the edge alone, at 80 and 443",
          "publish it on port 443, or write audience: intranet",
        ),
        severity: "warning",
      });
    if (!web && forEdge.length > 0)
      findings.push(
        errorAt(
          at(forEdge[0]!),
          "publication-not-web",
          `publish[${index}].${forEdge[0]} is about the edge, and port ${port} does not go through it`,
          "the edge answers 80 and 443; any other port leads straight to the server",
          `remove ${forEdge.join(", ")}, or publish port 443`,
        ),
      );
    if (web && tls === "server" && health !== undefined)
      findings.push(
        errorAt(
          at("health"),
          "publication-sealed",
          `publish[${index}].health asks for a page, and the edge does not open what it passes on`,
          "with tls: server the certificate is the server's; the edge sees whether it accepts connections",
          "remove health, or tls: server",
        ),
      );
    if (web && name === file.name && audience !== "internet")
      findings.push({
        ...errorAt(
          at("name"),
          "published-past-edge",
          `${name} is the server's own name inside the kabupaten: it leads to the server, past the edge`,
          "one name has one address, and SSH needs the server's: its certificate and limits are the server's own matter",
          "publish it under another name",
        ),
        severity: "warning",
      });
    return findings;
  });
}

/** A server that is asked stands in the inventory; that it answers is for its own file to say. */
function egressTargets({ vps, kabupaten }: InventoryFiles): Diagnostic[] {
  const names = vps.map(({ name }) => name);
  return [kabupaten, ...vps].flatMap(({ file, source }) =>
    file.egress.flatMap(({ to }, index) =>
      to.kind !== "vps" || names.includes(to.name)
        ? []
        : [
            errorAt(
              source.at("egress", index, "to"),
              "unknown-reference",
              `egress[${index}].to is ${to.name}, and there is no such VPS`,
              "what is not in the inventory cannot be built or checked",
              suggestion(to.name, names),
            ),
          ],
    ),
  );
}
