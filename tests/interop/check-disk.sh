#!/bin/sh
# What a person is told whose disk is full or may not be written, and that nothing is lost by it.
# Usage: check-disk.sh VALISE_SERVER VALISECTL
# SPDX-License-Identifier: GPL-3.0-or-later
server=$1
ctl=$2

# The disk is made in a mount namespace of our own, which ends with us.
if [ -z "${VALISE_DISK_INSIDE:-}" ]; then
  if ! unshare --mount sh -c 'mount -t tmpfs -o size=1m none /mnt' 2>/dev/null; then
    echo 'TAP version 13'
    echo '1..0 # SKIP no disk can be mounted here'
    exit 0
  fi
  export VALISE_DISK_INSIDE=1
  exec unshare --mount sh "$0" "$@"
fi

echo 'TAP version 13'
folder=$(mktemp -d)
office=$folder/secretariat
disk=$folder/disk
laptop=$disk/laptop
pid=
number=0
status=0

tidy () {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null
  umount "$disk" 2>/dev/null
  rm -rf "$folder"
}
trap tidy EXIT

check () { # NAME COMMAND…
  name=$1
  shift
  number=$((number + 1))
  if "$@" >"$folder/now" 2>&1; then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    sed 's/^/# /' "$folder/now" "$folder/said" 2>/dev/null
    status=1
  fi
}

# EXIT-CODE SENTENCE ARGUMENT…: what is printed holds SENTENCE, and the program ends so.
fails () {
  wanted=$1
  sentence=$2
  shift 2
  "$ctl" "$@" >"$folder/said" 2>&1
  [ $? -eq "$wanted" ] && grep -q -- "$sentence" "$folder/said"
}

mkdir "$disk"
mount -t tmpfs -o size=64m none "$disk"
check 'a secretariat is made' "$server" init "$office" --sample
"$server" serve "$office" --listen 127.0.0.1:0 >"$folder/listening" 2>"$folder/log" &
pid=$!
for _ in $(seq 200); do
  grep -q '^listening on ' "$folder/listening" && break
  sleep 0.1
done
"$server" invite "$office" --participant xke --role delegate --name 'Ama Person' >"$folder/invitation"
check 'a laptop joins' "$ctl" join "$folder/invitation" --data "$laptop"

# Nothing is left but what the logs of the databases need to be opened.
used=$(du -sk "$disk" | cut -f1)
mount -o "remount,size=$((used + 420))k" "$disk"
check 'a disk that fills up during a sync is named, with what to do' \
  fails 1 '^Free some space; nothing that was here is lost\.$' sync --data "$laptop"
mount -o 'remount,size=64m' "$disk"
check 'with room again it goes on' "$ctl" sync --data "$laptop"
check 'and everything is sound' "$ctl" verify --data "$laptop"
check 'and listed' sh -c "'$ctl' list --data '$laptop' | grep -q ."

dd if=/dev/zero of="$disk/filler" bs=64k 2>/dev/null
check 'a backup that has no room is named, with what to do' \
  fails 1 '^Free some space' backup "$disk/backup" --data "$laptop"
check 'and leaves no half of one' test ! -e "$disk/backup"
rm "$disk/filler"

mount -o remount,ro "$disk"
check 'a disk that may not be written is named, with what to do' \
  fails 1 'copy it to where that is so' list --data "$laptop"
mount -o remount,rw "$disk"
check 'and is read again once it may' sh -c "'$ctl' list --data '$laptop' | grep -q ."

echo "1..$number"
exit $status
