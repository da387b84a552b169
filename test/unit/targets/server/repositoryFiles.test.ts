import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { repositoryFiles } from "../../../../components/targets/server/repositoryFiles.ts";

const contentOf = (...[repository, secrets]: Parameters<typeof repositoryFiles>) =>
    Object.fromEntries(repositoryFiles(repository, secrets).map(({ path, content }) => [path, content]));

suite("the files by which a server opens a repository", () => {
    test("have what S3 asks for, and whom to trust", () => {
        const url = "s3:https://s3.lab.example/backups";
        const secrets = { backupPassword: "word", backupAccessKeyId: "id", backupSecretAccessKey: "key" };
        assert.deepEqual(contentOf({ url, caCertificate: " PEM\n" }, secrets), {
            "repository/url": url,
            "repository/password": "word",
            "repository/access-key-id": "id",
            "repository/secret-access-key": "key",
            "repository/ca.pem": "PEM\n",
        });
    });

    test("have a host's only key, and what logs in there", () => {
        const url = "sftp:me@nas.lab.example:/backups";
        const secrets = { backupPassword: "word", backupPrivateKey: "KEY" };
        assert.deepEqual(contentOf({ url, hostKey: "ssh-ed25519 AAAA somebody", port: 2222 }, secrets), {
            "repository/url": url,
            "repository/password": "word",
            "repository/login": "me@nas.lab.example",
            "repository/port": "2222",
            "repository/private-key": "KEY\n",
            "repository/known_hosts": "repository ssh-ed25519 AAAA\n",
        });
    });
});
