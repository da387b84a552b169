import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { dallinger } from "../../../support/projectCommand.ts";
import { makeCertificate } from "../../../unit/configuration/server/certificates.ts";
import type { Ground } from "../releases/ground.ts";
import { pgbouncerSignals } from "./pgbouncerSignals.ts";

/** The certificate that a server shows for a host name, trusted by these certificates alone. */
async function shown(host: string, servername: string, ca: string): Promise<string> {
    const socket = connect({ host, port: 443, servername, ca });
    try {
        return await new Promise((resolve, reject) => {
            socket.on("secureConnect", () =>
                resolve(new X509Certificate(socket.getPeerCertificate().raw).fingerprint256),
            );
            socket.on("error", reject);
        });
    } finally {
        socket.destroy();
    }
}

/** A certificate of one's own is what the server shows, and so is the one that it is renewed with. */
export async function renewsCertificate(ground: Ground): Promise<void> {
    const { operator, server, site } = ground;
    const stack = operator.stack("server");
    await stack.configure({ "server.tls.mode": "custom" });
    const held = (await pgbouncerSignals(ground)).filter((signal) => signal === "SIGUSR1").length;
    for (let renewal = 0; renewal < 2; renewal++) {
        const { certificate, key } = makeCertificate(site.hostname);
        await stack.configure({ "server.tls.certificate": certificate });
        await stack.configureSecrets({ "serverSecrets.tlsKey": key });
        await stack.up();
        const found = await shown(server.address, site.hostname, certificate);
        assert.equal(found, new X509Certificate(certificate).fingerprint256);
    }
    const heldSince = (await pgbouncerSignals(ground)).filter((signal) => signal === "SIGUSR1").length - held;
    assert.equal(heldSince, 0, "nobody waits for a PostgreSQL that stays");
    // What was sent is a secret in the state now.
    const check = await dallinger(operator, "server", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
}
