# shellcheck shell=sh
# Run by idle.ts on a server, as root: a line for each process group that apps make there: what it is, microseconds of a processor that it
# has taken so far, and bytes of memory that are its own. Probes run in the containers that they ask.
docker ps -q --filter label=com.docker.compose.service | while read -r id; do
    # shellcheck disable=SC2046 # one word per value
    set -- $(docker inspect --format '{{index .Config.Labels "com.docker.compose.project"}} {{index .Config.Labels "com.docker.compose.service"}} {{.State.Pid}}' "$id" </dev/null)
    case ${1:-} in dlgr-app-*) ;; *) continue ;; esac
    group=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$3/cgroup")
    used=$(sed -n 's/^usage_usec //p' "$group/cpu.stat")
    held=$(sed -n 's/^inactive_file //p' "$group/memory.stat")
    echo "$2 ${1#dlgr-app-} $used $(($(cat "$group/memory.current") - held))"
    shim=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$3/status")
    echo "shims ${1#dlgr-app-} $(($(cut -d ' ' -f 14,15 "/proc/$shim/stat" | tr ' ' +) * 10000)) $(($(sed -n 's/^Pss:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$shim/smaps_rollup") * 1024))"
done
for process in $(pidof dockerd containerd); do
    echo "engine all $(($(cut -d ' ' -f 14,15 "/proc/$process/stat" | tr ' ' +) * 10000)) 0"
done
