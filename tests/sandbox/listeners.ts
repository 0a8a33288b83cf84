import { readdir, readFile, readlink } from "node:fs/promises";

const listening = "0A";

/** Local addresses (as in /proc/net/tcp, hexadecimal) on which a process listens. Linux only. */
export async function listenersOf(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
  const inodes = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const tables = await Promise.all(
    ["tcp", "tcp6", "udp", "udp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8")),
  );
  return tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, , remote, state, , , , , , inode]) =>
        inodes.has(inode) && (state === listening || /^0+:0000$/.test(remote ?? "")),
    )
    .map(([, local]) => local ?? "");
}

/** Whether an address of /proc/net/tcp is 127.0.0.1 or ::1. */
export function isLoopback(address: string): boolean {
  return address.startsWith("0100007F:") || address.startsWith("00000000000000000000000001000000:");
}
