#!/usr/bin/env bash
# Unpacks the loadable plugins of a MariaDB (ed25519 logins, key management) beside its core package, whose full server package would
# start a service:  server_plugins.sh ROOT DIR     ROOT holds mariadb-server-core; DIR appears whole or not at all.
set -euo pipefail
root=$1 dir=$2
exec 9>"$dir.lock"
flock 9
[ ! -d "$dir" ] || exit 0

in_root() { if [ "$root" = / ]; then "$@"; else chroot "$root" "$@"; fi; }
version=$(in_root dpkg-query -W -f '${Version}' mariadb-server-core)
work=$(in_root mktemp -d)
trap 'rm -rf "$dir.new" "${root%/}$work"' EXIT
chmod 755 "${root%/}$work"
fetch() { in_root sh -c 'cd "$1" && { apt-get download -q "mariadb-server=$2" || apt-get download -q mariadb-server; }' sh "$work" "$version"; }
fetch >"$dir.log" 2>&1 || { in_root apt-get update -q && fetch; } >>"$dir.log" 2>&1 || { tail -n 5 "$dir.log" >&2; exit 1; }
mkdir -p "$dir.new"
dpkg-deb --fsys-tarfile "${root%/}$work"/mariadb-server_*.deb | tar -C "$dir.new" --strip-components=5 -x ./usr/lib/mysql/plugin
mv "$dir.new" "$dir"
