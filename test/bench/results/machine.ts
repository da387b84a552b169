import { readFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { checkout, type TestServer } from "../../support/testLab.ts";

/** What a reader has to know of the machine and the versions. */
export async function describeMachine(server: TestServer): Promise<Record<string, string>> {
    const [processor] = cpus();
    const [pulumi, commit] = await Promise.all([
        execa("pulumi", ["version"]),
        execa("git", ["describe", "--always", "--dirty"], { cwd: checkout, reject: false }),
    ]);
    const constraints = await readFile(join(checkout, "examples/recall/constraints.txt"), "utf8");
    const [, dallinger = "unknown"] = /^dallinger==(\S+)$/m.exec(constraints) ?? [];
    return {
        Processors: `${cpus().length} × ${processor?.model.trim() ?? "unknown"}, shared by the operator, the registry and the server`,
        Memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
        Kernel: `Linux ${release()}`,
        "This project": commit.stdout || "unknown",
        Pulumi: pulumi.stdout.trim(),
        "Node.js": process.version,
        "Docker Engine on the server": await server.run("docker", "version", "--format", "{{.Server.Version}}"),
        "Docker Compose on the server": await server.run("docker", "compose", "version", "--short"),
        Dallinger: dallinger,
    };
}
