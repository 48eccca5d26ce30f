#!/usr/bin/env bash
# Makes a folder that holds another Debian suite with some packages in it, for servers that this suite does not ship:
#   foreign_root.sh DIR SUITE PROGRAM PACKAGE…      PROGRAM (a path inside DIR) tells whether DIR is already complete.
# The mirror is the one that apt is configured with. DIR appears whole or not at all, and two runs side by side make it once.
# Exit: 0 DIR is there, 3 the package source cannot be reached (or no longer has the suite or a package), 1 anything else.
set -euo pipefail
dir=$1 suite=$2 program=$3
shift 3
log=$dir.log

[ -x "$dir/$program" ] && exit 0
say() { echo "foreign root $suite: $*" >&2; }
[ "$(id -u)" = 0 ] || { say "needs root (debootstrap and chroot): run './dev setup' as root once"; exit 1; }

mkdir -p "$(dirname "$dir")"
exec 9>"$dir.lock"
flock 9
[ -x "$dir/$program" ] && exit 0

codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' | awk -v suite="$codename" '$1 == suite { print $2; exit }')
[ -n "$mirror" ] || { say "apt is configured with no mirror for $codename"; exit 1; }

new=$dir.new
clean_up() {
  for point in proc sys dev; do mountpoint -q "$new/$point" && umount -l "$new/$point"; done
  rm -rf --one-file-system "$new"
}
clean_up || true
trap clean_up EXIT
: >"$log"

fail() {
  tail -n 15 "$log" >&2
  # Is it us, or is the source gone? A source that still answers for the suite makes any failure ours.
  if /usr/lib/apt/apt-helper download-file "$mirror/dists/$suite/InRelease" "$dir.probe" >>"$log" 2>&1; then
    rm -f "$dir.probe"
    grep -qE 'Unable to locate package|has no installation candidate' "$log" && { say "the mirror no longer has: $*"; exit 3; }
    say "cannot be made: the whole log is $log"
    exit 1
  fi
  say "the package source does not answer for the suite $suite"
  exit 3
}

in_root() { DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$new" "$@" >>"$log" 2>&1; }
# A machine whose clock is ahead of a mirror's last signature refuses the list as expired: the second try takes it all the same.
update() { in_root apt-get update -q || in_root apt-get update -q -o Acquire::Check-Valid-Until=false -o Acquire::Check-Date=false; }

say "making $dir with debootstrap: $* (a few minutes, once)"
include=
case $mirror in https:*) include=--include=ca-certificates ;; esac
debootstrap --variant=minbase $include "$suite" "$new" "$mirror" >>"$log" 2>&1 || fail "$@"
echo force-unsafe-io >"$new/etc/dpkg/dpkg.cfg.d/unsafe-io"
cp /etc/apt/apt.conf.d/*proxy* "$new/etc/apt/apt.conf.d/" 2>/dev/null || true
if [ -n "$include" ]; then cp /etc/ssl/certs/ca-certificates.crt "$new/etc/ssl/certs/"; fi
update || fail "$@"
in_root apt-get install -y -q --no-install-recommends "$@" || fail "$@"
in_root apt-get clean
[ -x "$new/$program" ] || { echo "$program is missing after the install" >>"$log"; fail "$@"; }
for point in proc sys dev; do mountpoint -q "$new/$point" && umount -l "$new/$point"; done
rm -rf --one-file-system "$dir"
mv "$new" "$dir"
say "done"
