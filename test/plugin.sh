#!/bin/sh
# The tests of our own resource plugin, against a real sshd on loopback. Needs Go; installs Debian's sshd where it is missing.
set -eu
project=$(dirname "$(dirname "$(readlink -f "$0")")")
cache=${DALLINGER_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dallinger-pulumi}
if [ ! -x /usr/sbin/sshd ]; then
    echo "installing openssh-server for the tests (it is not started as a service)" >&2
    # Debian starts services as it installs them, unless this file says no.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends openssh-server openssh-client >/dev/null
fi
# The flags are those of toolchain/cache.sh: what the plugin is made of is compiled already then.
cd "$project/toolchain/plugins/command"
GOMODCACHE=$cache/go/mod GOCACHE=$cache/go/build GOFLAGS=-modcacherw GOWORK=off CGO_ENABLED=0 go test -trimpath -buildvcs=false -gcflags=all=-dwarf=false ./...
