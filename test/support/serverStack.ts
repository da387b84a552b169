import type { TestStack } from "./testStack.ts";

/** Gives a stack this `server` output and nothing else, as if it had prepared that server. */
export async function pretendServerStack({ stack }: TestStack, server: unknown): Promise<void> {
    const { name, workspace } = stack;
    const { name: project } = await workspace.projectSettings();
    const type = "pulumi:pulumi:Stack";
    const urn = `urn:pulumi:${name}::${project}::${type}::${project}-${name}`;
    const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
    const resources = [{ urn, type, custom: false, outputs: { server } }];
    await stack.importStack({ version: 3, deployment: { manifest, resources } });
}
