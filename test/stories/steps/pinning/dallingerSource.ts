import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";

/** Makes a checkout of Dallinger: the source of a release, in a git repository with nothing else in it. */
export async function checkOutDallinger(lab: Lab, version: string, folder: string): Promise<void> {
    const dockerfile = [
        `FROM ${lab.images.python} AS source`,
        `RUN pip download --no-deps --no-binary dallinger --dest /source dallinger==${version}`,
        "RUN mkdir /dallinger && tar -C /dallinger --strip-components 1 -xzf /source/*.tar.gz",
        "FROM scratch",
        "COPY --from=source /dallinger /",
    ].join("\n");
    const build = ["buildx", "build", "--quiet", "--output", `type=local,dest=${folder}`, "-"];
    await execa("docker", build, { env: { ...lab.environment }, input: dockerfile });
    const git = (...args: string[]) =>
        execa("git", ["-C", folder, "-c", "user.name=Git", "-c", "user.email=git@example.org", ...args]);
    await writeFile(join(folder, ".gitignore"), "/dallinger/ignored.py\n");
    await git("init", "--quiet");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "Release");
}

/** Somebody is at work there: a change that is not committed, a new file, and one that git ignores. */
export async function workOnDallinger(folder: string, word: string): Promise<void> {
    await appendFile(join(folder, "dallinger/version.py"), `\nfrom dallinger.invented import WORD  # noqa\n`);
    await writeFile(join(folder, "dallinger/invented.py"), `WORD = "${word}"\n`);
    await writeFile(join(folder, "dallinger/ignored.py"), "raise RuntimeError\n");
}
