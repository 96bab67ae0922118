import { SERVERS, type Deviation } from "./deviation.ts";
import { diskDeviations } from "./drift-disks.ts";
import { coreOf, deviationsOf, type Found, type KnownStack, type Seen } from "./drift-declared.ts";
import { labelOf, type Label, type ObjectKind } from "./docker-objects.ts";
import type { Observation } from "./observation.ts";
import { kindOf, type DeclaredObject } from "./stack-configuration.ts";
import { textAt } from "./terraform-attributes.ts";

/**
 * Everything in which plan, state and engine differ. Pure: what is on the engine comes as an observation.
 * @param stacks those that left the inventory too, as long as their state holds something
 */
export function findDrift(
  stacks: readonly KnownStack[],
  observation: Observation,
): readonly Deviation[] {
  const known = new Set(stacks.flatMap(({ state }) => [...state.ids]));
  const seen = { observation, networks: standingNetworks(stacks, observation) };
  return [
    ...stacks.flatMap((stack) =>
      stack.configuration.objects.flatMap((declared) => ofDeclared(stack, declared, known, seen)),
    ),
    ...stacks.flatMap((stack) => diskDeviations(stack, observation)),
    ...stacks.flatMap((stack) => leftGit(stack, stacks)),
    ...foreign(stacks, known, observation),
    ...attached(observation),
  ];
}

function ofDeclared(
  stack: KnownStack,
  declared: DeclaredObject,
  known: ReadonlySet<string>,
  seen: Seen,
): readonly Deviation[] {
  const core = coreOf(stack.name, declared);
  const found = lookUp(stack, declared, seen.observation);
  const applied = stack.state.addresses.has(declared.address);
  if (found === undefined) {
    const of = applied ? "drifted" : "merged-not-applied";
    return [{ ...core, class: of, condition: "absent", differences: [], healing: "terraform" }];
  }
  if (known.has(found.id)) return deviationsOf(stack, declared, found, seen);
  const takes = found.labelled ? ("terraform" as const) : ("nobody" as const);
  const server = declared.kind === "container" && SERVERS.has(declared.role);
  const healing = server && found.labelled ? "when-named" : takes;
  return [
    {
      ...core,
      id: found.id,
      class: "drifted",
      condition: "not-in-state",
      differences: [],
      healing,
    },
  ];
}

/** Ids of the networks by name, but for those that give way to the one that a state remembers in their place. */
function standingNetworks(
  stacks: readonly KnownStack[],
  { networks }: Observation,
): ReadonlyMap<string, string> {
  const remembered = new Map(
    stacks.flatMap(({ state }) =>
      state.resources
        .filter(({ type }) => type === "docker_network")
        .map(({ id, attributes }) => [textAt(attributes, "name"), id] as const),
    ),
  );
  return new Map(
    [...networks.values()]
      .filter(({ Id, Name }) => (remembered.get(Name) ?? Id) === Id)
      .map(({ Id, Name }) => [Name, Id]),
  );
}

/** By the id that the state remembers, else by name. */
function lookUp(
  { state }: KnownStack,
  { kind, address, name }: DeclaredObject,
  { containers, networks, volumes, objects }: Observation,
): Found | undefined {
  const remembered = state.resources.find((one) => one.address === address)?.id ?? "";
  const ids = new Map(
    kind === "container"
      ? [...containers.values()].map((one) => [one.Name.replace(/^\//, ""), one.Id])
      : kind === "network"
        ? [...networks.values()].map((one) => [one.Name, one.Id])
        : [...volumes.keys()].map((volume) => [volume, volume]),
  );
  const there = kind === "container" ? containers : kind === "network" ? networks : volumes;
  const id = there.has(remembered) ? remembered : ids.get(name);
  return id === undefined ? undefined : { id, labelled: objects.some((one) => one.id === id) };
}

/** What a state still holds while the inventory no longer asks for it. */
function leftGit(
  { name: stack, configuration, state }: KnownStack,
  stacks: readonly KnownStack[],
): readonly Deviation[] {
  const declared = new Set(configuration.objects.map(({ address }) => address));
  const names = new Set(
    stacks.flatMap((one) => one.configuration.objects.map(({ kind, name }) => `${kind} ${name}`)),
  );
  return state.resources.flatMap(({ address, type, id, attributes }) => {
    const kind = kindOf(type);
    const engineName = textAt(attributes, "name");
    if (kind === undefined || declared.has(address) || names.has(`${kind} ${engineName}`))
      return [];
    const labels = { labels: attributes["labels"] as readonly Label[] };
    const role = labelOf(labels, "role");
    const name = labelOf(labels, "name") || engineName;
    const isKept = SERVERS.has(role) || (kind === "volume" && role === "backup-server");
    const healing = isKept ? "when-named" : "terraform";
    const core = { stack, kind, role, name, engineName, address, id };
    return [
      { ...core, class: "applied-not-in-git", condition: "undeclared", differences: [], healing },
    ];
  });
}

/** What carries the kabupaten's labels while neither a state nor the plan knows it. */
function foreign(
  stacks: readonly KnownStack[],
  known: ReadonlySet<string>,
  { objects }: Observation,
): readonly Deviation[] {
  const declared = new Set(
    stacks.flatMap(({ configuration }) =>
      configuration.objects.map(({ kind, name }) => `${kind} ${name}`),
    ),
  );
  return objects
    .filter(({ kind, id, name }) => !known.has(id) && !declared.has(`${kind} ${name}`))
    .map(({ kind, id, name: engineName, labels: { stack, role, name } }) => ({
      class: "foreign",
      condition: "undeclared",
      stack,
      kind,
      role,
      name: name || engineName,
      engineName,
      id,
      differences: [],
      healing: isLeftover(kind, stack, role) ? "terraform" : "nobody",
    }));
}

/** What a cut-off run leaves behind is taken away before an apply (orphans.ts); what may hold work never is. */
function isLeftover(kind: ObjectKind, stack: string, role: string): boolean {
  return stack !== "" && kind !== "volume" && !(kind === "container" && SERVERS.has(role));
}

/** Containers of others on the kabupaten's networks: past every gateway, whoever put them there. */
function attached({ objects, networks }: Observation): readonly Deviation[] {
  const ours = new Map(objects.map((one) => [one.id, one]));
  return [...networks.values()].flatMap((network) => {
    const own = ours.get(network.Id);
    if (own === undefined) return [];
    return Object.entries(network.Containers ?? {}).flatMap(([id, { Name }]): Deviation[] =>
      ours.has(id)
        ? []
        : [
            {
              class: "foreign",
              condition: "attached",
              stack: own.labels.stack,
              kind: "container",
              role: "",
              name: Name,
              engineName: Name,
              id,
              differences: [
                { fact: `network ${network.Name}`, expected: undefined, actual: "attached" },
              ],
              healing: "nobody",
            },
          ],
    );
  });
}
