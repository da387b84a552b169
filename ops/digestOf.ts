import { execa } from "execa";
import { inspectArguments, readInspection } from "../components/image/build/dockerBuild.ts";
import { Refusal } from "./refusal.ts";

/**
 * The digest by which a registry has an image today, `sha256:…`. The user's own docker asks for it.
 *
 * @throws {Refusal} when docker cannot tell.
 */
export async function digestOf(image: string): Promise<string> {
    const { failed, stdout = "", stderr = "" } = await execa("docker", inspectArguments(image), { reject: false });
    const { digest } = readInspection(stdout);
    if (!failed && digest !== undefined) return digest;
    throw new Refusal(`the digest of ${image} cannot be had: ${stderr.trim() || "its registry does not tell"}`);
}
