import type { Answer } from "./site.ts";

/** A site on this machine's loopback, as a browser here sees it. It follows no redirection. */
export class LocalSite {
    readonly hostname: string;
    private readonly url: string;

    constructor(url: string) {
        this.url = url;
        this.hostname = new URL(url).hostname;
    }

    async get(path: string): Promise<Answer> {
        return await this.request(path, {});
    }

    async post(path: string, form: Readonly<Record<string, string>>): Promise<Answer> {
        return await this.request(path, { method: "POST", body: new URLSearchParams({ ...form }) });
    }

    private async request(path: string, options: RequestInit): Promise<Answer> {
        const signal = AbortSignal.timeout(60_000);
        const response = await fetch(new URL(path, this.url), { ...options, redirect: "manual", signal });
        const headers = Object.fromEntries(response.headers);
        return { status: response.status, headers, body: await response.text() };
    }
}
