import { secret } from "@pulumi/pulumi";
import type { ExperimentAppArgs } from "../../../../components/targets/server/experimentApp.ts";
import type { Registration } from "../../record.ts";

/** An app whose image a registry has. */
export const args: ExperimentAppArgs = {
    app: "recall",
    server: {
        id: "server-id",
        layout: 1,
        host: "203.0.113.7",
        port: 22,
        user: "debian",
        hostKey: "ssh-ed25519 AAAA",
        dnsHost: "",
        platform: "linux/amd64",
        caCertificate: "PEM",
        images: { redis: "redis:8", pgbouncer: "pgbouncer:1" },
    },
    image: "registry.example/recall@sha256:aa",
    contentHash: "0123abcd",
    hostnames: ["recall.203-0-113-7.nip.io"],
    settings: { mode: "live", recruiter: "hotair" },
    secretSettings: secret({ prolific_api_token: "t0ken-of-prolific" }),
    registryLogin: secret({ user: "lab", password: "w0rd-of-registry" }),
    fingerprintKey: secret("the-key"),
    stack: "organization/dallinger/lab1",
    commit: "c0ffee",
};

/** What its resources give. */
export const outputs = ({ type, name }: Registration): Record<string, unknown> => {
    if (type.startsWith("random:")) return { result: `${name}-value` };
    return { stdout: '{"status":"success","recruitment_msg":"come in"}', stderr: "" };
};
