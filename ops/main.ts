import { calledAs, runCommandLine } from "./commandLine.ts";

process.exitCode = await runCommandLine(calledAs(process.env.DALLINGER_CALLED_AS ?? ""), process.argv.slice(2));
