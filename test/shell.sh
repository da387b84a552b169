#!/bin/sh
# Every shell script of the project through the linter: *.sh, and files without an ending that begin with #!/bin/sh or bash.
set -eu
cd "$(dirname "$(dirname "$(readlink -f "$0")")")"
if ! command -v shellcheck >/dev/null; then
    echo "installing shellcheck" >&2
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends shellcheck >/dev/null
fi
scripts=$(git ls-files --cached --others --exclude-standard | while read -r file; do
    case $file in
    *.sh) [ ! -e "$file" ] || echo "$file" ;;
    *.*) ;;
    *) [ ! -f "$file" ] || ! head -n 1 "$file" | grep -qE '^#!/bin/(ba)?sh' || echo "$file" ;;
    esac
done)
# shellcheck disable=SC2086 # a name a word: the project's have no white space
shellcheck -x $scripts
echo "shellcheck: $(echo "$scripts" | wc -l) scripts passed"
