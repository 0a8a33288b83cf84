import { policyCommand } from "../policies/command.ts";

process.exitCode = await policyCommand(process.argv.slice(2));
