/** The step that installs packages, and how a step ends that fails. */
export const PIP =
    "[dependencies 2/3] RUN --mount=type=cache,target=/root/.cache/pip     if [ ! -f requirements.txt ]; then pip install";
export const PROCESS = 'process "/bin/sh -c …" did not complete successfully: exit code: 1';

/** What buildx prints when a step fails: the step's lines, its error, and both once more. */
export function failing(name: string, log: readonly string[], error: string): string[] {
    return [
        "#3 [internal] load build definition from Dockerfile",
        "#3 DONE 0.0s",
        `#10 ${name}`,
        ...log.map((line) => `#10 1.234 ${line}`),
        `#10 ERROR: ${error}`,
        "------",
        ` > ${name}:`,
        ...log.map((line) => `1.234 ${line}`),
        "------",
        "Dockerfile:27",
        "--------------------",
        "  28 | >>>     if [ ! -f requirements.txt ]; then pip install --requirement constraints.txt; \\",
        "--------------------",
        `ERROR: failed to build: failed to solve: ${error}`,
    ];
}
