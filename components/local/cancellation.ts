/** Lets a program of ours stop what it has started, and remove its temporary files, when the deployment is cancelled: the signal is aborted then. */
export function abortedOnCancellation(): AbortSignal {
    const controller = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => controller.abort());
    return controller.signal;
}
