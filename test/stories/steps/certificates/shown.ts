import { once } from "node:events";
import { connect } from "node:tls";

/** A certificate that a host shows. */
export interface ShownCertificate {
    readonly serial: string;
    /** Common name of who has issued it. */
    readonly issuer: string;
    /** When it ends, in milliseconds since 1970. */
    readonly ends: number;
}

/** The certificate that a host shows, verified against its name and the time by these certificates and no others. */
export async function shownCertificate(hostname: string, ca: string): Promise<ShownCertificate> {
    const socket = connect({ host: hostname, port: 443, servername: hostname, ca });
    await once(socket, "secureConnect");
    const { serialNumber, issuer, valid_to: end } = socket.getPeerCertificate();
    socket.destroy();
    return { serial: serialNumber, issuer: String(issuer.CN), ends: Date.parse(end) };
}
