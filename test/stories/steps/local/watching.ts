import assert from "node:assert/strict";
import { appendFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkoutRules } from "../../../../components/image/files/fileRules.ts";
import { within } from "../../../support/within.ts";
import type { Step } from "../deployment/steps.ts";
import { chooseAlike } from "./choosing.ts";
import type { Laptop } from "./laptop.ts";

/** What follows edits, in containers of its own. */
export async function follow(step: Step, laptop: Laptop, composeFile: string): Promise<void> {
    const { docker } = laptop;
    const place = join(laptop.folder, composeFile, "..");
    const folder = join(laptop.folder, "watching");
    await mkdir(folder);
    const web = (await docker("compose", "-f", composeFile, "ps", "-q", "web")).trim();
    const image = (await docker("inspect", "--format", "{{.Image}}", web)).trim();
    const arguments_ = (mounts: Readonly<Record<string, string>>, ...more: string[]) => [
        ...Object.entries(mounts).flatMap(([inside, outside]) => ["-v", `${outside}:${inside}:ro`]),
        ...more,
        image,
    ];
    const started = {
        "/run/dallinger/secrets.json": join(place, "secrets/app.json"),
        "/run/dallinger/start": join(place, "start"),
        "/run/dallinger/sources/experiment": join(laptop.folder, "examples/recall"),
    };
    const networks = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}";
    const network = (await docker("inspect", "--format", networks, web)).trim();
    const watched = async (mounts: Readonly<Record<string, string>>, program: string, ...more: string[]) => {
        const command = ["python3", "/run/dallinger/start/start.py", "--watch", "python3", "-u", "-c", program];
        return (
            await docker(
                "run",
                "-d",
                ...arguments_({ ...started, ...mounts }, "--user", "0", "--network", network, ...more),
                ...command,
            )
        ).trim();
    };

    // As in a container whose files are a network drive's, or those of another kernel.
    await writeFile(join(folder, "mounts.py"), "def is_of_this_kernel(folder):\n    return False\n");
    const silent =
        "import time\ndef watch(*folders, **options):\n    print('silent')\n    while True:\n        time.sleep(1)\n        yield set()\n";
    await writeFile(join(folder, "silent.py"), silent);
    const unseen = await watched(
        {
            "/opt/dallinger/watch/watchfiles/__init__.py": join(folder, "silent.py"),
            "/run/dallinger/start/mounts.py": join(folder, "mounts.py"),
        },
        "import time; print('begun'); time.sleep(999)",
    );

    await step("the rules choose what the image's choose, in folders of all kinds", async () => {
        // The drill takes new ones each time. These have shown differences: what is below a name that is taken back in, a folder that
        // is ignored as a whole and one whose own lines seem to say so, a repository that ignores all that is in it.
        await chooseAlike(laptop, composeFile, 40, [1019, 1142, 1081, 500_099]);
    });

    await step("edits are seen where no event tells of them", async () => {
        const mounted =
            "from mounts import is_of_this_kernel as own; print(own('/run/dallinger/sources/experiment'), own('/dev/shm'))";
        const look = ["python3", "-c", `import sys; sys.path[:0] = ['/run/dallinger/start']; ${mounted}`];
        assert.equal(
            (await docker("exec", web, ...look)).trim(),
            "True False",
            "a folder of this machine's, and none of it",
        );
        // Until it waits for events it looks each second in any case.
        await within(60, async () => /silent/.test(await docker("logs", unseen)));
        const file = join(laptop.folder, "examples/recall/words.py");
        const words = await readFile(file, "utf8");
        await appendFile(file, "# edited\n");
        await within(5, async () => (await docker("logs", unseen)).split("begun").length === 3);
        await docker("rm", "-f", "-v", unseen);
        await writeFile(file, words);
    });

    await step(
        "a checkout of Dallinger counts in place of the installed one, and its edits are seen, also where looks begin slowly",
        async () => {
            const checkout = join(folder, "dallinger");
            const installed = (
                await docker("exec", web, "python3", "-c", "import dallinger; print(dallinger.__path__[0])")
            ).trim();
            await mkdir(checkout);
            await docker("cp", `${web}:${installed}`, join(checkout, "dallinger"));
            const start = join(folder, "start");
            await cp(join(place, "start"), start, { recursive: true });
            const sources = JSON.parse(await readFile(join(start, "sources.json"), "utf8"));
            const [at, packages] = ["/run/dallinger/sources/dallinger", "/tmp/dallinger-packages"];
            sources.dallinger = { folder: at, host: checkout, rules: checkoutRules(checkout), into: packages };
            await writeFile(join(start, "sources.json"), JSON.stringify(sources));
            // As where others keep the first looks from the processors.
            const slow = `
import time
look, looks = Sources.edits, iter(range(3))
def slowly(self):
    edits = look(self)
    time.sleep(1 if next(looks, None) is not None else 0)
    return edits
Sources.edits = slowly
`;
            await appendFile(join(start, "sources.py"), slow);
            const program =
                "import dallinger, time; print(dallinger.__file__, getattr(dallinger, 'EDITED', 'as it was')); time.sleep(999)";
            const mounts = { "/run/dallinger/start": start, [at]: checkout };
            const id = await watched(mounts, program, "--env", `PYTHONPATH=${packages}`);
            await within(60, async () =>
                (await docker("logs", id)).includes(`${packages}/dallinger/__init__.py as it was`),
            );
            await appendFile(join(checkout, "dallinger/__init__.py"), "\nEDITED = 'by hand'\n");
            await within(20, async () =>
                (await docker("logs", id)).includes(`${packages}/dallinger/__init__.py by hand`),
            );
            await writeFile(join(checkout, "dallinger/frontend/static/scripts/dallinger2.js"), "// edited");
            const script = async () => await docker("exec", id, "cat", "/experiment/static/scripts/dallinger2.js");
            await within(10, async () => (await script()) === "// edited");
            await docker("rm", "-f", "-v", id);
        },
    );

    await rm(folder, { recursive: true });
}
