import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";

/** An image in the lab's registry with one secret in a layer and another in its history, by digest. */
export async function leakyImage(lab: Lab, inLayer: string, inHistory: string): Promise<string> {
    const name = `${lab.registry.address}/leak`;
    const dockerfile = [
        "FROM scratch",
        "COPY <<'END' /leak",
        inLayer,
        "END",
        `LABEL leak=${Buffer.from(inHistory).toString("hex")}`,
    ];
    const options = { env: lab.environment, input: dockerfile.join("\n") };
    await execa("docker", ["buildx", "build", "--quiet", "--push", "--tag", name, "-"], options);
    const { stdout } = await execa(
        "docker",
        ["buildx", "imagetools", "inspect", name, "--format", "{{json .Manifest}}"],
        {
            env: lab.environment,
        },
    );
    const { digest }: { digest: string } = JSON.parse(stdout);
    return `${name}@${digest}`;
}
