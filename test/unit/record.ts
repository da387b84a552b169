import { runtime } from "@pulumi/pulumi";

/** A resource that was registered while a program ran against mocks. */
export interface Registration {
    readonly type: string;
    readonly name: string;
    /** Its inputs, secrets revealed. */
    readonly inputs: Readonly<Record<string, unknown>>;
    /** Names of the inputs that are secret as a whole or in part. Sorted. */
    readonly secrets: readonly string[];
}

/** What a program did. */
export interface Recording<T> {
    /** What `build` returned. */
    readonly built: T;
    /** All resources, components included, in the order in which they were registered. */
    readonly registered: readonly Registration[];
    /** The same as a URN shows them: types from the root down, then the name. */
    readonly tree: readonly string[];
}

/** What the engine answers. */
export interface RecordOptions {
    /** Outputs of a resource beside its inputs; none by default. */
    readonly outputs?: (resource: Registration) => Readonly<Record<string, unknown>>;
    /** Results of invokes by token; any other invoke fails. */
    readonly calls?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    /** Whether it is a preview. Defaults to false. */
    readonly preview?: boolean;
}

/**
 * Runs `build` against mocks and resolves when all that it registers is registered.
 *
 * Mocks are global to a process; `node --test` gives each file one, and the tests of a file run one after the other.
 */
export async function record<T>(build: () => T | Promise<T>, options: RecordOptions = {}): Promise<Recording<T>> {
    const registered: Registration[] = [];
    const mocks: runtime.Mocks = {
        newResource({ type, name, id, inputs }) {
            const resource = { type, name, ...revealed(inputs) };
            registered.push(resource);
            return { id: id || `${name}-id`, state: { ...inputs, ...options.outputs?.(resource) } };
        },
        call({ token }) {
            const result = options.calls?.[token];
            if (result === undefined) throw new Error(`unexpected call of ${token}`);
            return { ...result };
        },
    };
    await runtime.setMocks(mocks, "dallinger", "test", options.preview, "organization");
    const { built, urns } = await drained(build);
    return { built, registered, tree: urns.map((urn) => urn.split("::").slice(2).join(" ")) };
}

/** Awaiting an output says nothing about other registrations; disconnecting waits for all of them. */
async function drained<T>(build: () => T | Promise<T>): Promise<{ built: T; urns: string[] }> {
    const monitor = runtime.getMonitor() as unknown as { getRegisteredResources(): Map<string, unknown> };
    try {
        const built = await build();
        await runtime.disconnect();
        return { built, urns: [...monitor.getRegisteredResources().keys()] };
    } catch (error) {
        await runtime.disconnect();
        throw error;
    }
}

function revealed(inputs: Record<string, unknown>): Pick<Registration, "inputs" | "secrets"> {
    const entries = Object.entries(inputs);
    const isSecret = ([, value]: [string, unknown]) => runtime.isRpcSecret(value);
    return {
        inputs: Object.fromEntries(entries.map(([key, value]) => [key, runtime.unwrapRpcSecret(value)])),
        secrets: entries
            .filter(isSecret)
            .map(([key]) => key)
            .toSorted(),
    };
}
