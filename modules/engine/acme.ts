import { Client, crypto as acmeCrypto } from "acme-client";

import type { AcmeAccount } from "./acme-account.ts";
import { newPrivateKey } from "./certificate-authority.ts";

/** Patience with the authority while it looks at the names: about a minute. */
const PATIENCE = { backoffAttempts: 15, backoffMin: 1000, backoffMax: 5000 };

/**
 * A certificate for these names from an authority, and its key: one text in PEM, as HAProxy reads it. The authority asks
 * each name for a token on port 80 (HTTP-01); the edge answers by itself, for the answer is the token and the account's
 * thumbprint (RFC 8555 section 8.3), so that nothing has to be brought to it.
 * @throws what the authority, or the way to it, says
 */
export async function orderCertificate(
  { directory, contact }: { readonly directory: string; readonly contact: string },
  account: AcmeAccount,
  names: readonly string[],
): Promise<string> {
  const client = new Client({ directoryUrl: directory, accountKey: account.key, ...PATIENCE });
  await client.createAccount({ termsOfServiceAgreed: true, contact: [`mailto:${contact}`] });
  const order = await client.createOrder({
    identifiers: names.map((value) => ({ type: "dns", value })),
  });
  for (const authorization of await client.getAuthorizations(order)) {
    if (authorization.status === "valid") continue;
    const challenge = authorization.challenges.find(({ type }) => type === "http-01");
    if (challenge === undefined)
      throw new Error(`the authority asks ${authorization.identifier.value} no question over HTTP`);
    await client.completeChallenge(challenge);
    await client.waitForValidStatus(challenge);
  }
  const key = newPrivateKey();
  const [, request] = await acmeCrypto.createCsr({ altNames: [...names] }, key);
  const finalized = await client.finalizeOrder(order, request);
  const chain = await client.getCertificate(finalized);
  return `${chain.trimEnd()}\n${key}`;
}
