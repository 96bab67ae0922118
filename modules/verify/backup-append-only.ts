import type { Engine } from "../engine/docker-engine.ts";
import type { BackupProblem } from "./backup-problem.ts";
import { runInside } from "./run-inside.ts";

/** What the server answered to one attempt: an HTTP status, or 0 where it did not answer. */
export type AppendOnlyAnswers = ReadonlyMap<string, number>;

const REFUSED = [401, 403];

/**
 * Tries, with the runner's own credential and through the server, what a thief of that credential would: to delete, to
 * write over, to look into another's repository. Harmless where the server lets it: what is deleted does not exist (an
 * append-only server refuses without looking), what is written over gets the same bytes. Where there is no repository yet,
 * only the look is tried: what is written then would stand in the way of the first backup.
 * @param container the runner
 * @param other another repository, where there is one
 */
export async function tryAppendOnly(
  engine: Engine,
  container: string,
  other: string | undefined,
): Promise<AppendOnlyAnswers> {
  const { stdout } = await runInside(engine, container, attempts(other), 120);
  const answers = stdout
    .split("\n")
    .filter((line) => line.includes(" "))
    .map((line) => line.split(" ") as [string, string]);
  return new Map(answers.map(([attempt, status]) => [attempt, Number(status)]));
}

/** The credential goes to curl by its standard input, so that no list of processes shows it. */
function attempts(other: string | undefined): string {
  return `set -u
umask 077
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
secrets=/run/simpul-secrets
url=$(<"$secrets/repository") || exit 1
url=\${url#rest:}
none=$(printf '0%.0s' {1..64})
ask() {
  local name=$1 address=$2 method=$3
  shift 3
  status=$(curl --config - --silent --connect-timeout 10 --max-time 60 --cacert "$secrets/ca.pem" --request "$method" \\
    --output "$work/answer" --write-out '%{http_code}' "$@" <<<"url = \\"$address\\"") || status=0
  echo "$name $status"
}
ask read "\${url}config" GET
[[ $status == 200 ]] || exit 0
cp "$work/answer" "$work/config"
for kind in snapshots data index keys; do ask "delete-$kind" "$url$kind/$none" DELETE; done
ask overwrite "\${url}config" POST --data-binary "@$work/config"
${other === undefined ? "" : `base=\${url%/*/}; ask other "$base/${other}/config" GET`}
`;
}

/** Was everything refused that must be? */
export function judgeAppendOnly(answers: AppendOnlyAnswers): readonly BackupProblem[] {
  if (answers.get("read") === 404)
    return [
      {
        id: "backup-repository-missing",
        severity: "error",
        what: "the server has no repository for its runner",
        why: "nothing was ever backed up, or all of it was deleted",
        fix: "if it is new, its first backup is under way; else look at the server's volume",
      },
    ];
  if (answers.get("read") !== 200)
    return [
      {
        id: "backup-server-refuses",
        severity: "error",
        what: `its runner does not reach its repository through the server (${statusWords(answers.get("read"))})`,
        why: "the next backup will fail, and whether the server refuses deletes could not be tried",
        fix: "look at the server's and the runner's console; simpul deploy puts names, certificates and credentials right",
      },
    ];
  const allowed = [...answers].filter(
    ([attempt, status]) => attempt !== "read" && !REFUSED.includes(status),
  );
  if (allowed.length === 0) return [];
  const told = allowed.map(
    ([attempt, status]) => `${WORDS[attempt] ?? attempt} (${statusWords(status)})`,
  );
  return [
    {
      id: "backup-not-append-only",
      severity: "error",
      what: `the server does not refuse its runner to ${told.join(", to ")}`,
      why: "whoever gets into a server or its runner could destroy its backups, too",
      fix: "simpul deploy puts the server's own container back; until then stop it: docker stop",
    },
  ];
}

const WORDS: Readonly<Record<string, string>> = {
  "delete-snapshots": "delete snapshots",
  "delete-data": "delete packs",
  "delete-index": "delete the index",
  "delete-keys": "delete keys",
  overwrite: "write over what is there",
  other: "look into another repository",
};

function statusWords(status: number | undefined): string {
  return status === undefined || status === 0 ? "no answer" : `HTTP ${status}`;
}
