#!/usr/bin/env bash
# package.sh BUILD_FOLDER OUT_FOLDER: a tarball and a Debian package of the program that is built there, for machines like this one.
# Prints the two files. The same tree makes the same bytes: times are the last commit's, or SOURCE_DATE_EPOCH.
set -euo pipefail
build=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

# Debian packages of what is linked into the program: their notices go with it.
linked_in="libgrpc-dev libprotobuf-dev libabsl-dev"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
umask 022

# installed_tree FOLDER: what `meson install` puts under its prefix, stripped, with the notices.
installed_tree() {
  local prefix package
  prefix=$(meson introspect "$build" --buildoptions | /usr/bin/python3 -c 'import json, sys; print(next(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
  meson install -C "$build" --no-rebuild --strip --quiet --destdir "$scratch/installed" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
  mv "$scratch/installed$prefix" "$1"
  for package in $linked_in; do
    install -D -m 644 "/usr/share/doc/$package/copyright" "$1/share/doc/mysql-cdc/third-party/$package"
  done
  chmod -R u=rwX,go=rX "$1"
  find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

make_tarball() {
  local name=mysql-cdc-$version-linux-$architecture
  mv "$scratch/tree" "$scratch/$name"
  tar -C "$scratch" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -c "$name" | gzip -n >"$out/$name.tar.gz"
  mv "$scratch/$name" "$scratch/tree"
  echo "$out/$name.tar.gz"
}

# depends PROGRAM: the packages of the shared libraries that it names, with the versions whose symbols it uses.
depends() {
  mkdir -p "$scratch/source/debian"
  printf 'Source: mysql-cdc\n\nPackage: mysql-cdc\nArchitecture: any\n' >"$scratch/source/debian/control"
  (cd "$scratch/source" && dpkg-shlibdeps -O "$1") | sed -n 's/^shlibs:Depends=//p'
}

control() {
  cat <<CONTROL
Package: mysql-cdc
Version: $version
Architecture: $architecture
Maintainer: The mysql-cdc authors
Installed-Size: $(du -sk --apparent-size "$scratch/deb/usr" | cut -f1)
Depends: $1
Recommends: ca-certificates
Section: database
Priority: optional
Description: change data capture for MySQL and MariaDB
 Reads the binlog of a live server, or binlog files, and tells every committed
 row change with column names and exact values: as text, as JSON, as SQL
 statements, or as a source connector of Conduit.
CONTROL
}

copyright() {
  cat <<COPYRIGHT
Copyright: the mysql-cdc authors
License: Apache-2.0, see LICENSE beside this file or /usr/share/common-licenses/Apache-2.0.

Parts of these libraries are linked into the program; their notices are in the
folder third-party beside this file: $linked_in
COPYRIGHT
}

make_deb() {
  local needed file=$out/mysql-cdc_${version}_$architecture.deb
  mkdir -p "$scratch/deb/DEBIAN"
  cp -a "$scratch/tree" "$scratch/deb/usr"
  copyright >"$scratch/deb/usr/share/doc/mysql-cdc/copyright"
  needed=$(depends "$scratch/deb/usr/bin/mysql-cdc")
  [ -n "$needed" ] || { echo "package.sh: no shared library found; is the program built?" >&2; exit 1; }
  control "$needed" >"$scratch/deb/DEBIAN/control"
  (cd "$scratch/deb" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  dpkg-deb --root-owner-group --build "$scratch/deb" "$file" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
  echo "$file"
}

architecture=$(dpkg --print-architecture)
installed_tree "$scratch/tree"
version=$("$scratch/tree/bin/mysql-cdc" version | cut -d' ' -f2)
make_tarball
make_deb
