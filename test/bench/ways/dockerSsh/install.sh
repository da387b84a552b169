#!/bin/sh
# Installs the predecessor from PyPI, once for all runs, and prints the virtual environment's folder.
set -eu
folder=${DALLINGER_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dallinger-pulumi}/bench/docker-ssh-$(sha256sum "$0" | cut -c 1-12)
if [ ! -e "$folder/complete" ]; then
    # psycopg2 comes as source only.
    packages='python3-venv python3-dev libpq-dev gcc'
    # shellcheck disable=SC2086 # one word per package
    dpkg-query -s $packages >/dev/null 2>&1 || {
        echo "installing Debian packages on this machine: $packages" >&2
        { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $packages; } >/dev/null </dev/null
    }
    rm -rf "$folder"
    mkdir -p "$folder"
    /usr/bin/python3 -m venv "$folder"
    # With newer versions of click every deployment is taken for an update.
    "$folder/bin/pip" -q install --no-cache-dir 'dallinger[docker]==12.4.0' 'click==8.2.*' >&2
    package=$("$folder/bin/python3" -c 'import importlib.util as u; print(u.find_spec("dallinger").submodule_search_locations[0])')
    # No public authority knows a lab: Caddy is to be its own, as for the host localhost, and the launch to believe it.
    sed -i 's/HAS_TLS = ssh_host != "localhost"$/HAS_TLS = False/' "$package/command_line/docker_ssh.py"
    sed -i 's/requests\.post(url)$/requests.post(url, verify=False)/' "$package/deployment.py"
    changed=$(cat "$package/command_line/docker_ssh.py" "$package/deployment.py" | grep -cE ' HAS_TLS = False$|post\(url, verify=False\)$') || :
    [ "$changed" = 3 ] || {
        echo "dallinger docker-ssh is not as expected: $package" >&2
        exit 1
    }
    : >"$folder/complete"
fi
echo "$folder"
