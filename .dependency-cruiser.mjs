/** Which room imports which: what is not here is not allowed. */
const rooms = {
    "components/configuration/checking": [],
    "components/configuration/settings": ["components/configuration/checking"],
    "components/configuration/server": ["components/configuration/checking"],
    "components/configuration/image": ["components/configuration/checking"],
    "components/configuration/experiment": [
        "components/configuration/checking",
        "components/configuration/settings",
        "components/configuration/image",
    ],
    "components/configuration": ["components/configuration"],
    "components/app": [],
    "components/local": [],
    "components/remote": ["components/configuration/checking"],
    "components/image/files": ["components/configuration/checking", "components/configuration/settings"],
    "components/image/packages": [
        "components/configuration/checking",
        "components/configuration/image",
        "components/image/files",
        "components/remote",
    ],
    "components/image/context": [
        "components/configuration/checking",
        "components/image/files",
        "components/image/packages",
        "components/remote",
    ],
    "components/image/build": [
        "components/configuration/checking",
        "components/configuration/image",
        "components/image/files",
        "components/image/packages",
        "components/image/context",
        "components/local",
        "components/remote",
    ],
    "components/image": ["components/configuration", "components/image", "components/local"],
    "components/targets": [
        "components/app",
        "components/configuration",
        "components/image",
        "components/local",
        "components/remote",
    ],
    "components/program": ["components"],
    "components/index.ts": ["components"],
    "index.ts": ["components/program", "components/targets"],
    docs: ["components/configuration"],
    ops: ["components"],
};

/** The innermost room of a file: the longest of those that it is in. */
const inside = (room) => {
    const deeper = Object.keys(rooms).filter((other) => other.startsWith(`${room}/`));
    const but = deeper.length === 0 ? "" : `(?!(?:${deeper.map((other) => other.slice(room.length + 1)).join("|")})/)`;
    return room.endsWith(".ts") ? `^${room}$` : `^${room}/${but}`;
};
const below = (room) => (room.endsWith(".ts") ? `^${room}$` : `^${room}/`);

export default {
    forbidden: [
        { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
        {
            name: "no-folders-in-a-circle",
            severity: "error",
            scope: "folder",
            from: { path: "^components/[^/]+$" },
            to: { circular: true },
        },
        {
            name: "nothing-unreachable",
            severity: "error",
            // The program, the commands, what others import, and the programs that resources run.
            from: { path: "^(index[.]ts|docs/writeTables[.]ts|ops/main[.]ts|components/index[.]ts|components/.*/(build|deliver|reach|programs/[A-Za-z]+)[.]ts)$" },
            to: { path: "^components/", pathNot: "^components/(index[.]ts|.*/(build|deliver|reach|programs/[A-Za-z]+)[.]ts)$", reachable: false },
        },
        ...Object.entries(rooms).map(([room, others]) => ({
            name: `what-${room}-imports`,
            severity: "error",
            from: { path: inside(room) },
            to: { path: "^(components|ops|lab|test|index[.]ts)", pathNot: [inside(room), ...others.map(below)] },
        })),
    ],
    options: {
        doNotFollow: { path: "node_modules" },
        tsConfig: { fileName: "tsconfig.json" },
        tsPreCompilationDeps: true,
    },
};
