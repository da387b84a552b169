import type { TestServer } from "../../../support/testLab.ts";
import type { LostRequest } from "./load.ts";

/** Something that happened on a server or in the program that deploys. */
interface Happening {
    readonly at: Date;
    readonly text: string;
}

/** How much around a lost request is told, in milliseconds. */
const around = 3000;

/** Where a server writes what its engine does. */
const eventsFile = "/run/events-of-a-load";

/** What a server knows about requests that have been lost: gathered while a load runs, because the engine forgets soon. */
export class LostEvidence implements AsyncDisposable {
    private readonly server: TestServer;
    private readonly app: string;
    private readonly process: string;

    private constructor(server: TestServer, app: string, process: string) {
        this.server = server;
        this.app = app;
        this.process = process;
    }

    /** Begins to write down what the engine does with containers and networks. */
    static async gather(server: TestServer, app: string): Promise<LostEvidence> {
        const actions = ["start", "die", "kill", "stop", "destroy", "connect", "disconnect"];
        const filters = actions.map((action) => `--filter event=${action}`).join(" ");
        const format = "{{.TimeNano}} {{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.signal}}";
        const events = `docker events ${filters} --format '${format}' </dev/null >${eventsFile} 2>&1`;
        return new LostEvidence(server, app, await server.shell(`${events} & echo $!`));
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.server.shell(`kill ${this.process} 2>/dev/null; rm -f ${eventsFile}`);
    }

    /** Each lost request with its course and what happened around it; then what Caddy and the webs have written. */
    async describe(lost: readonly LostRequest[], progress: readonly Happening[]): Promise<string> {
        const happened = [...progress, ...readEvents(await this.server.shell(`cat ${eventsFile}`))];
        const caddy = troubles(await this.server.shell("docker logs dlgr-server-caddy 2>&1"));
        return [
            ...lost.map((request) => tellLost(request, happened)),
            `Caddy has written of errors:\n${caddy.slice(-40).join("\n") || "nothing"}`,
            `webs have answered otherwise than with 200:\n${(await this.otherAnswers()) || "never"}`,
        ].join("\n");
    }

    /** Of the webs that ended as well: their logs are kept. */
    private async otherAnswers(): Promise<string> {
        const folder = `/srv/dallinger/apps/${this.app}/log/former`;
        const logs = await this.server.shell(
            `for log in ${folder}/web-*.log.gz; do [ ! -e "$log" ] || zcat "$log"; done
            docker ps -q --filter label=com.docker.compose.project=dlgr-app-${this.app} --filter label=com.docker.compose.service=web |
            while read -r id; do docker logs --timestamps "$id" </dev/null 2>&1; done`,
        );
        return logs
            .split("\n")
            .filter((line) => / HTTP\/1\.\d" (?!200)\d{3} |Traceback|Error: |\[ERROR\]|\[CRITICAL\]/.test(line))
            .slice(-40)
            .join("\n");
    }
}

/** The lines of a log of Caddy's that tell of something that went wrong. */
export function troubles(log: string): string[] {
    return log.split("\n").filter((line) => /"level":"(?:warn|error|fatal|panic)"|"error":/.test(line));
}

/** A lost request with what happened from a little before it was made to a little after it was given up. */
export function tellLost({ asked, lost, text }: LostRequest, happened: readonly Happening[]): string {
    const [from, to] = [asked.getTime() - around, lost.getTime() + around];
    const inOrder = happened.toSorted((a, b) => a.at.getTime() - b.at.getTime());
    const before = inOrder.findLast(({ at }) => at.getTime() < from);
    const meanwhile = inOrder.filter(({ at }) => at.getTime() >= from && at.getTime() <= to);
    const told = [before, ...meanwhile].filter((happening) => happening !== undefined);
    const lines = told.map(({ at, text: what }) => `    ${at.toISOString()} ${what}`);
    return [`lost: ${asked.toISOString()} ${text}`, ...lines].join("\n");
}

function readEvents(text: string): Happening[] {
    return text.split("\n").flatMap((line) => {
        const [nanoseconds = "", ...words] = line.trim().split(" ");
        if (!/^\d{19}$/.test(nanoseconds)) return [];
        return [{ at: new Date(Number(nanoseconds.slice(0, 13))), text: `docker: ${words.join(" ")}` }];
    });
}
