import type { RouterPlan } from "../plan/router-plan.ts";

/** Whom to call about a device: `call Pengelola TIK (tik@…, +62 …)`. */
export function whomToCall({ device, title }: RouterPlan): string {
  const contact = device?.contact;
  if (contact === undefined) return `call who runs the router of ${title}`;
  const { name, email, phone } = contact;
  return `call ${name} of ${title} (${phone === undefined ? email : `${email}, ${phone}`})`;
}
