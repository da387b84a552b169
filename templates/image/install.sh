#!/bin/sh
# Installs the experiment's packages while its image is built. Beside this file are
#   requirements.txt   what is asked for
#   constraints.txt    the version of each package; left out, they are chosen now, from those that Dallinger was tested with
#   dallinger.txt      the lines of requirements.txt that are Dallinger's
#   dallinger/         a checkout of Dallinger, if it comes from there
#   pinned.txt         names of the packages whose versions were known before
#   strict             there when no other package may be installed
# and what was installed in the end is listed in constraints.txt of the virtual environment.
set -eu
cd "$(dirname "$0")"
# The wheel of a checkout is then the same at all times. Byte code is made at the end, of another kind than pip's.
export SOURCE_DATE_EPOCH=1577836800 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_PROGRESS_BAR=off LC_ALL=C

# Names of the packages in a list of pip's on standard input, as an index compares them.
names() {
    sed -n 's/^\([A-Za-z0-9][A-Za-z0-9._-]*\).*/\1/p' | tr '[:upper:]_.' '[:lower:]--' | sed 's/--*/-/g' | sort -u
}

site_packages() {
    python3 -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
}

# Installs Dallinger alone, and prints the file of versions that it was tested with, if it brings one. What is asked for in
# requirements.txt is the experiment's to decide.
tested_versions() {
    [ ! -s dallinger.txt ] || pip install --no-compile --no-deps --requirement dallinger.txt >&2
    tested=$(site_packages)/dev-requirements.txt
    [ -e "$tested" ] || return 0
    names <requirements.txt | sed 's/.*/^&==/' >asked.txt
    grep -v -f asked.txt "$tested" | grep '^[a-z0-9]' || :
}

pip freeze | names >before.txt
if [ -e constraints.txt ]; then
    pip install --no-compile --requirement requirements.txt --constraint constraints.txt
else
    tested_versions >tested.txt
    pip install --no-compile --requirement requirements.txt --constraint tested.txt
fi
pip freeze >installed.txt

names <pinned.txt | sort -u - before.txt >known.txt
unknown=$(names <installed.txt | comm -23 - known.txt | paste -s -d ' ')
if [ -n "$unknown" ] && [ -e strict ]; then
    echo "ERROR: Package versions are not pinned: $unknown: ./ops/dallinger pin writes constraints.txt" >&2
    exit 1
fi
[ -z "$unknown" ] || echo "chosen now, because nothing pins them: $unknown"
# A checkout has no version that others could install.
grep -v '^dallinger @ file:' installed.txt >"${VIRTUAL_ENV:-/opt/venv}/constraints.txt" || :

# Python takes such byte code as it is (PEP 552); with the date above pip would make some whose source is read and hashed at each import.
# A package may hold files that are of no use to this Python, and pip says nothing of those either.
python3 -m compileall -qq --invalidation-mode unchecked-hash "$(site_packages)" || :
