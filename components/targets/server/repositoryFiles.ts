import type { BackupRepository, ExperimentSecrets } from "../../configuration/experiment/backupRepository.ts";
import type { PayloadFile } from "../../remote/payload.ts";

/** A repository and what opens it, for templates/app/repository.sh: a value a file, below `repository/`. */
export function repositoryFiles(repository: BackupRepository, secrets: ExperimentSecrets): PayloadFile[] {
    const { url, port, hostKey, caCertificate } = repository;
    const { backupPassword, backupAccessKeyId, backupSecretAccessKey, backupPrivateKey } = secrets;
    const [, login = "", folder = ""] = /^sftp:([^:]*):(.*)$/.exec(url) ?? [];
    const [type = "", base64 = ""] = (hostKey ?? "").trim().split(/\s+/);
    const files = {
        url,
        password: backupPassword,
        "access-key-id": backupAccessKeyId,
        "secret-access-key": backupSecretAccessKey,
        "ca.pem": caCertificate === undefined ? undefined : `${caCertificate.trim()}\n`,
        ...(folder !== "" && {
            login,
            port: String(port ?? 22),
            "private-key": `${(backupPrivateKey ?? "").trim()}\n`,
            // ssh is told by which name to look the host up: another port, or address, changes nothing.
            known_hosts: `repository ${type} ${base64}\n`,
        }),
    };
    return Object.entries(files).flatMap(([name, content]) =>
        content === undefined ? [] : [{ path: `repository/${name}`, content }],
    );
}
