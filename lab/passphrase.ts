import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dataFolder } from "../components/local/dataFolder.ts";

/** Makes the passphrase that `./pulumi` uses where the environment names none, once: a file that only its owner reads. */
export async function makePassphrase(): Promise<void> {
    const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
    if (PULUMI_CONFIG_PASSPHRASE !== undefined || PULUMI_CONFIG_PASSPHRASE_FILE !== undefined) return;
    const folder = dataFolder();
    const file = join(folder, "passphrase");
    if (existsSync(file)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    console.log(`   made a passphrase for the stacks' secrets: ${file} (lose it, and the stacks' secrets are lost)`);
}
