import type { Diagnostic } from "../core/diagnostic.ts";
import type { HostVolume } from "./host-volume.ts";

/** A smaller size was asked for than the volume has; both in bytes. */
export function shrinks({ name }: HostVolume, present: number, wanted: number): Diagnostic {
  return {
    id: "host-volume-shrinks",
    severity: "error",
    what: `volume ${name} has ${present} bytes and was asked to have ${wanted}`,
    why: "a disk is never made smaller: ext4 cannot shrink while it is in use, and what does not fit would be lost",
    fix: "ask for at least the size it has; to get a smaller one, make a new VPS and move the data",
  };
}

/** Growing needs a stop on this machine. */
export function inUse({ name }: HostVolume): Diagnostic {
  return {
    id: "host-volume-in-use",
    severity: "error",
    what: `volume ${name} cannot be given its new size while a container uses it`,
    why: "this machine may not grow a mounted ext4 (no CAP_SYS_RESOURCE); elsewhere it grows live",
    fix: `stop the container, deploy again, and start it: docker ps --filter volume=${name}`,
  };
}

/** `said` is what e2fsck said. */
export function damaged({ name, image }: HostVolume, said: string): Diagnostic {
  return {
    id: "host-volume-damaged",
    severity: "error",
    what: `the file system of volume ${name} is damaged: ${said.split("\n").at(-1) ?? ""}`,
    why: "it cannot be mended without somebody deciding what may be lost; it was not mounted",
    fix: `restore it from backup, or mend it by hand: e2fsck ${image}`,
  };
}

/** Its Docker volume was not removed first. */
export function stillThere({ name }: HostVolume): Diagnostic {
  return {
    id: "host-volume-kept",
    severity: "error",
    what: `volume ${name} still exists on the engine`,
    why: "its image holds the data of that volume",
    fix: `remove the volume first: docker volume rm ${name}`,
  };
}

/** `free` is what the host's disk still has, in bytes. */
export function noRoom({ name }: HostVolume, wanted: number, free: string): Diagnostic {
  return {
    id: "host-volume-no-room",
    severity: "error",
    what: `the engine's host has ${free} bytes of disk free, too few for volume ${name} of ${wanted}`,
    why: "a volume takes all its room when it is made, so that nobody else can fill what was promised; 2 GiB stay the engine's own",
    fix: "ask for less, let an expired VPS go, or give the host a larger disk at /var/lib/simpul",
  };
}
