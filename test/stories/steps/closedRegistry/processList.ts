import type { TestServer } from "../../../support/testLab.ts";

/** The command lines of a server's processes, looked at over and over. */
export interface ProcessList {
    /** Ends it, and gives all that was seen, a line each. Can be called once. */
    end(): Promise<string>;
}

/** Begins to look; a process that lives for some hundredths of a second is seen. */
export function watchProcesses(server: TestServer): ProcessList {
    const mark = "/run/enough-was-seen";
    const look = "ps -ewwo args=; sleep 0.02";
    // Before all others, on a machine whose processors are all taken: a short one would be over before it is looked for.
    const first = "renice -n -15 -p $$ >/dev/null";
    const watching = server.shell(
        `${first}; rm -f ${mark}; while [ ! -e ${mark} ]; do ${look}; done | sort -u; rm ${mark}`,
    );
    watching.catch(() => {}); // whoever ends it is told
    const end = async () => {
        await server.run("touch", mark);
        return await watching;
    };
    return { end };
}
