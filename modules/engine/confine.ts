/**
 * A static program in the volume that a VPS reads only (images/vps/debian-12/confine.c): what it starts can change no
 * network and open no socket past it. Programs of a VPS are its tenant's, who may have replaced any of them: what the Dinas
 * runs there goes through it, or it would hand its rights to the tenant.
 */
export const CONFINE = "/etc/simpul/boot/confine";
