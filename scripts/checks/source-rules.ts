import path from "node:path";

import { parseAst } from "vitest/node";

/** One breach of the house's rules, at a line of a source file. */
export interface Breach {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** From top to bottom: a file may import from its own layer and from those behind it (DESIGN section 2). */
export const LAYERS = [
  "scripts",
  "stacks",
  "modules/verify",
  "modules/report",
  "modules/compliance",
  "modules/evidence",
  "modules/engine",
  "modules/constructs",
  "modules/render",
  "modules/plan",
  "modules/inventory",
  "modules/core",
] as const;
export type Layer = (typeof LAYERS)[number];

/** Layers whose answers depend on their arguments alone. */
const PURE: readonly Layer[] = ["modules/plan", "modules/core"];
/** What Node offers without a look at the machine. */
const PURE_BUILTINS = ["node:crypto", "node:path/posix", "node:util"];

const CDKTF = /^(?:cdktf|cdktf-cli|constructs|@cdktf\/[^/]+)(?:\/|$)/;
/** The one door to cdktf, so that its successor is one change. */
const CDKTF_DOOR = "modules/constructs/cdktf.ts";
/** cdktf runs it as a program of its own. */
const PROGRAM_BELOW_SCRIPTS = "stacks/main.ts";

/** A part of a syntax tree (ESTree with TypeScript's additions). */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** Everything that one source file does against the rules; `file` is relative to the checkout, with `/`. */
export function breachesOf(file: string, text: string): readonly Breach[] {
  const layer = layerOf(file);
  if (layer === undefined)
    return [{ file, line: 1, what: `stands in no layer (${LAYERS.join(", ")})` }];
  return nodesOf(file, text).flatMap((node) =>
    [...importBreach(file, layer, node), ...useBreach(file, layer, node)].map((what) => ({
      file,
      line: text.slice(0, node.start).split("\n").length,
      what,
    })),
  );
}

export function layerOf(file: string): Layer | undefined {
  return LAYERS.find((layer) => file.startsWith(`${layer}/`));
}

function importBreach(file: string, layer: Layer, node: Node): readonly string[] {
  const source = importedBy(node);
  if (source === undefined) return [];
  if (source.startsWith(".")) return relativeBreach(file, layer, source);
  if (CDKTF.test(source) && file !== CDKTF_DOOR)
    return [`imports ${source}: only ${CDKTF_DOOR} may, and others import from there`];
  if (PURE.includes(layer) && isImpureBuiltin(source))
    return [`imports ${source}: ${layer} sees no file, process or clock; pass the value in`];
  return [];
}

function relativeBreach(file: string, layer: Layer, source: string): readonly string[] {
  const target = path.posix.join(path.posix.dirname(file), source);
  const below = layerOf(target);
  if (below === undefined) return [`imports ${target}, which stands in no layer`];
  if (LAYERS.indexOf(below) >= LAYERS.indexOf(layer)) return [];
  return [`imports ${target}: ${layer} stands below ${below}, and imports go down only`];
}

function isImpureBuiltin(source: string): boolean {
  return source.startsWith("node:") && !PURE_BUILTINS.includes(source);
}

/** What a node imports or re-exports, as code or as type; only text that is written out can be judged. */
function importedBy(node: Node): string | undefined {
  if (node.type === "CallExpression") {
    const [first] = node["arguments"] as readonly Node[];
    return nameOf(node["callee"]) === "require" ? textOf(first) : undefined;
  }
  if (node.type === "TSExternalModuleReference") return textOf(node["expression"]);
  return IMPORTS.has(node.type) ? textOf(node["source"]) : undefined;
}

const IMPORTS: ReadonlySet<string> = new Set([
  "ImportDeclaration",
  "ImportExpression",
  "ExportAllDeclaration",
  "ExportNamedDeclaration",
  "TSImportType",
]);

function useBreach(file: string, layer: Layer, node: Node): readonly string[] {
  if (node.type === "ExportDefaultDeclaration" || isDefaultName(node))
    return ["has a default export: export it by its name"];
  const use = usedBy(node);
  if (use === undefined) return [];
  const prints = /^(?:console$|process\.(?:exit|exitCode|stdout|stderr|abort)$)/.test(use);
  if (prints && layer !== "scripts" && file !== PROGRAM_BELOW_SCRIPTS)
    return [`uses ${use}: only scripts/ prints and exits; return the value`];
  if (PURE.includes(layer) && !prints)
    return [`uses ${use}: ${layer} gives the same answer every time; pass the value in`];
  return [];
}

function isDefaultName(node: Node): boolean {
  return node.type === "ExportSpecifier" && nameOf(node["exported"]) === "default";
}

/** The global thing a node uses, when it is one that the rules know. */
function usedBy(node: Node): string | undefined {
  if (node.type === "NewExpression" || node.type === "CallExpression") {
    const fresh = (node["arguments"] as readonly Node[]).length === 0;
    return fresh && nameOf(node["callee"]) === "Date" ? "Date()" : undefined;
  }
  if (node.type !== "MemberExpression") return undefined;
  const object = nameOf(node["object"]);
  if (object === "console") return object;
  const use = `${object}.${nameOf(node["property"]) ?? textOf(node["property"])}`;
  return KNOWN_USES.test(use) ? use : undefined;
}

const KNOWN_USES =
  /^(?:process\.\w+|Date\.now|performance\.now|Math\.random|crypto\.(?:randomUUID|getRandomValues))$/;

/** Name of an identifier. */
export function nameOf(node: unknown): string | undefined {
  return isNode(node) && typeof node["name"] === "string" ? node["name"] : undefined;
}

/** Text that is written out in the source. */
export function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "TemplateElement") return (node["value"] as { readonly cooked: string }).cooked;
  if (node.type === "TemplateLiteral") {
    const parts = node["quasis"] as readonly Node[];
    return parts.length === 1 ? textOf(parts[0]) : undefined;
  }
  return typeof node["value"] === "string" ? node["value"] : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** All nodes of a source file, in reading order. */
export function nodesOf(file: string, text: string): readonly Node[] {
  return flattened(parseAst(text, { lang: "ts" }, file));
}

function flattened(root: unknown): readonly Node[] {
  if (Array.isArray(root)) return root.flatMap(flattened);
  if (!isNode(root)) return [];
  return [root, ...Object.values(root).flatMap(flattened)];
}
