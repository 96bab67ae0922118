/** The engine of the machine itself. */
export const LOCAL_ENGINE = "the local engine";

/**
 * Tells engines apart, whatever a kabupaten calls them: the local socket is one, and every SSH host and port another.
 * The user does not matter: whoever logs in meets the same Docker. Two names of one host are not seen through.
 */
export function engineIdentity(host: string | undefined): string {
  if (host === undefined) return LOCAL_ENGINE;
  const bare = host.replace(/^ssh:\/\//, "").replace(/^[^@]*@/, "");
  return bare.replace(/:22$/, "");
}
