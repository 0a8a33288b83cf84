// Preloaded into the programs that are measured: writes the seconds of CPU that the process took to BENCH_CPU.
import { writeFileSync } from "node:fs";
import process from "node:process";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  if (process.env.BENCH_CPU) writeFileSync(process.env.BENCH_CPU, String((user + system) / 1e6));
});
