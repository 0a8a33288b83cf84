import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

/** A plugin's command line: its executable, and last the address of the engine that it works for. */
const pluginLine = /^\s*(\d+)\s+(.+\/)(pulumi-(?:resource|language)-[\w-]+)\s.*?127\.0\.0\.1:(\d+)\s*$/;

/**
 * Ends plugins whose engine was killed. The official ones look for their engine every five minutes only, and until then they
 * go on with what they were told to create.
 * @param folder the sandbox's home or Pulumi's: plugins elsewhere are others'.
 * @returns names of those that were ended.
 */
export async function endOrphanedPlugins(folder: string): Promise<string[]> {
  const { stdout = "" } = await execa("ps", ["-axww", "-o", "pid=,args="], { reject: false });
  const ended: string[] = [];
  for (const line of stdout.split("\n")) {
    const [, pid, place, name, port] = pluginLine.exec(line) ?? [];
    if (!name || !place?.startsWith(`${folder}/`) || (await listens(Number(port)))) continue;
    await end(Number(pid));
    ended.push(name);
  }
  return ended;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function end(pid: number): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!sent(pid, signal)) return;
    for (let waited = 0; waited < 3000 && sent(pid, 0); waited += 100) await sleep(100);
  }
}

/** Whether there is still such a process to send a signal to. */
function sent(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
