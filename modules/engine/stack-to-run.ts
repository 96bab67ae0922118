/** One synthesised stack, ready for terraform: what stacks/ writes below cdktf.out, and where its state lives. */
export interface StackToRun {
  /** `<kabupaten>-<name>`, as `npx cdktf deploy` knows it. */
  readonly id: string;
  /** `backbone`, `kecamatan-parakan`, `pusat-data`, `dns`. */
  readonly name: string;
  /** For people: `Kecamatan Parakan: POP and 5 agencies`. */
  readonly title: string;
  /** Names (not ids) of the stacks that must be up before this one. */
  readonly needs: readonly string[];
  /** Absolute folder that holds cdk.tf.json. */
  readonly directory: string;
  /** Absolute path of the state file: `.simpul/state/<kabupaten>/<name>.tfstate`. */
  readonly statePath: string;
}
