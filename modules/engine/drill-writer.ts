/**
 * A bash script that writes rising numbers to a table, one after the other, and prints `SECONDS NUMBER` for each that it
 * was told is written. It never waits for long: who does not answer within two seconds (six, when it is first asked) is asked
 * anew, with the next number.
 *
 * @param where connection string of libpq, without a password (PGPASSWORD)
 * @param table one column `number bigint`
 */
export function writerScript(where: string, table: string): string {
  return `number=0
exec {never}<> <(:)
while :; do
  coproc PSQL { exec psql -XqAt "${where} connect_timeout=2" 2>/dev/null; }
  pid=$PSQL_PID
  exec {answers}<&"\${PSQL[0]}" {questions}>&"\${PSQL[1]}"
  patience=6
  while :; do
    number=$((number + 1))
    echo "INSERT INTO ${table} VALUES ($number) RETURNING number;" >&"$questions" || break
    read -rt "$patience" -u "$answers" answer || break
    patience=2
    [[ $answer != "$number" ]] || echo "$EPOCHREALTIME $number"
    read -rt 0.02 -u "$never"
  done 2>/dev/null
  kill -KILL "$pid" 2>/dev/null
  exec {answers}<&- {questions}>&-
  wait "$pid" 2>/dev/null
  read -rt 0.1 -u "$never"
done
`;
}
