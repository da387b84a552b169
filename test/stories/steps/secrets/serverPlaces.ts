import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import { type TestServer, testLab } from "../../../support/testLab.ts";
import { changedFiles, mountedFolders } from "./changedFiles.ts";
import { isHidden } from "./hiddenPlaces.ts";
import type { Finding, SecretSearch } from "./secretSearch.ts";

/** Containers whose processes are told the secrets. */
const app = /^dlgr-app-/;

/** Everything on a server that a secret could be in, and should not. */
export class ServerPlaces {
    private readonly server: TestServer;
    /** Process id of the server's init, on this machine. */
    private readonly init: number;
    private readonly since: Date;

    constructor(server: TestServer, init: number, since: Date) {
        this.server = server;
        this.init = init;
        this.since = since;
    }

    async search(search: SecretSearch): Promise<Finding[]> {
        const texts = { ...(await this.logs()), ...(await this.images()), ...(await this.environments()) };
        return [...(await search.texts(texts)), ...(await this.files(search))];
    }

    /** Every file, whoever can read it, but for those that are the secrets' own place. */
    private async files(search: SecretSearch): Promise<Finding[]> {
        const root = `/proc/${this.init}/root`;
        const [folders, without] = [await mountedFolders(this.init), await this.imageLayers()];
        const files = await changedFiles({ root, folders, without, since: this.since, names: "each" });
        const findings: Finding[] = [];
        for (const finding of await search.files(files)) {
            const path = finding.place.slice(root.length);
            if (!(await isHidden(root, path))) findings.push({ ...finding, place: `server: ${path}` });
        }
        return findings;
    }

    /** The whole journal, the engine's part included, as it was written; each container's log. */
    private async logs(): Promise<Record<string, string>> {
        const texts: Record<string, string> = {};
        texts["server: journal"] = await this.run("sh", "-c", "journalctl --sync; journalctl -q -a -o export");
        for (const [id, name] of await this.containers()) {
            texts[`server: log of ${name}`] = await this.run("sh", "-c", `docker logs ${id} 2>&1`);
        }
        return texts;
    }

    /** Folders that images were unpacked into: they are what is in the registry, where the experiment's is searched. */
    private async imageLayers(): Promise<string[]> {
        const format = "{{.GraphDriver.Data.UpperDir}}:{{.GraphDriver.Data.LowerDir}}";
        const lines = await this.docker(`docker image ls -aq | xargs -r docker image inspect -f '${format}'`);
        return [...new Set(lines.split(/[:\n]/).filter((folder) => folder.startsWith("/")))];
    }

    private async images(): Promise<Record<string, string>> {
        const script =
            "docker image ls -q | sort -u | xargs -r -n 1 docker image history --no-trunc; docker volume ls; docker network ls -q | xargs -r docker network inspect";
        return { "server: history of images, volumes, networks": await this.docker(script) };
    }

    /** Environments of all processes but those of the app's containers, which are told the secrets that way. */
    private async environments(): Promise<Record<string, string>> {
        const told = [...(await this.containers())].filter(([, name]) => app.test(name)).map(([id]) => id);
        const processes = `/proc/${this.init}/root/proc`;
        const texts: Record<string, string> = {};
        for (const id of (await readdir(processes)).filter((name) => /^\d+$/.test(name))) {
            const read = (file: string) => readFile(`${processes}/${id}/${file}`, "utf8").catch(() => "");
            const groups = await read("cgroup");
            if (told.some((container) => groups.includes(container))) continue;
            texts[`server: environment of ${(await read("comm")).trim()}`] = await read("environ");
        }
        return texts;
    }

    /** Names of the containers by their ids. */
    private async containers(): Promise<Map<string, string>> {
        const lines = await this.docker("docker ps -a --no-trunc --format '{{.ID}} {{.Names}}'");
        return new Map(lines.split("\n").flatMap((line) => (line === "" ? [] : [pair(line)])));
    }

    private async docker(script: string): Promise<string> {
        return await this.run("sh", "-c", `command -v docker >/dev/null || exit 0; ${script}`);
    }

    private async run(...command: string[]): Promise<string> {
        return await this.server.run(...command);
    }
}

function pair(line: string): [string, string] {
    const [first = "", second = ""] = line.split(" ");
    return [first, second];
}

const description = z.object({ servers: z.array(z.object({ name: z.string(), pid: z.number() })) });

/** Process id, on this machine, of a server's init. */
export async function initOf(server: TestServer): Promise<number> {
    const { environment } = await testLab();
    const { servers } = description.parse(JSON.parse(await readFile(environment.DALLINGER_LAB ?? "", "utf8")));
    const found = servers.find(({ name }) => name === server.name);
    if (found === undefined) throw new Error(`the lab has no server ${server.name}`);
    return found.pid;
}
