import { once } from "node:events";
import { connect } from "node:tls";

/** The certificate that a host shows, verified against its name by these certificates and no others. */
export async function shownCertificate(hostname: string, ca: string): Promise<{ serial: string; issuer: string }> {
    const socket = connect({ host: hostname, port: 443, servername: hostname, ca });
    await once(socket, "secureConnect");
    const { serialNumber, issuer } = socket.getPeerCertificate();
    socket.destroy();
    return { serial: serialNumber, issuer: String(issuer.CN) };
}
