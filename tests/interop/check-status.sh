#!/bin/sh
# What `valisectl status` tells: every database, and what waits and why.
# Usage: check-status.sh VALISE_SERVER VALISECTL EDIT_NOTES
# SPDX-License-Identifier: GPL-3.0-or-later
server=$1
ctl=$2
edit=$3
folder=$(mktemp -d)
office=$folder/secretariat
laptop=$folder/laptop
pid=
number=0
status=0

tidy () {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null
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

tells () { # what is told now, for people and for scripts
  "$ctl" status --data "$laptop" >"$folder/said" && "$ctl" status --json --data "$laptop" >"$folder/json"
}

says () { grep -q -- "$1" "$folder/said"; }
lists () { tr -d ' \n' <"$folder/json" | grep -q -- "$1"; }

echo 'TAP version 13'
check 'a secretariat is made' "$server" init "$office"
"$server" serve "$office" --listen 127.0.0.1:0 >"$folder/listening" 2>"$folder/log" &
pid=$!
for _ in $(seq 200); do
  grep -q '^listening on ' "$folder/listening" && break
  sleep 0.1
done
"$server" invite "$office" --participant xke --role delegate --name 'Ama Person' >"$folder/invitation"
check 'a laptop joins' "$ctl" join "$folder/invitation" --data "$laptop"
check 'and is told that it never was in reach' sh -c "'$ctl' status --data '$laptop' | grep -q '^Last reached: never'"
check 'it syncs' "$ctl" sync --data "$laptop"
check 'a laptop that has all of it says so' tells
check 'nothing waits to be sent' says '^Waiting to be sent: nothing$'
check 'nor to be fetched' says '^Waiting to be fetched: nothing$'
check 'in JSON it is an empty list' lists '"waiting":\[\]'
here=$(sed -n 's/^Documents here: //p' "$folder/said")

# It ends when nobody reads on: a few edits, which leave room in the list for what follows.
timeout 60 "$edit" "$laptop" 0 2>/dev/null | head -n 1 >"$folder/edits"
printf '%%PDF-1.4 an annex' >"$folder/annex.pdf"
check 'a file is put on the desk' "$ctl" files put "$folder/annex.pdf" --data "$laptop"
hour=$(date -d '+6 hours' +%H)
check 'and no hour of the next is one to sync in' "$ctl" policy "hours=$hour:00-$hour:30" --data "$laptop"
check 'a laptop with something to send says so' tells
check 'documents of every database are counted' says '^  desk-xke: [1-9]'
check 'in the sum, too' sh -c "test \"\$(sed -n 's/^Documents here: //p' '$folder/said')\" -ge $((here + 2))"
check 'a note waits, by its name, and for those hours' says '^  desk-xke/xke:note:0, [0-9]* bytes: waits for the hours in which Valise syncs$'
check 'the file waits as well' says '^  [0-9a-f]\{64\}, 17 bytes: waits for the hours in which Valise syncs$'
check 'scripts can read that' lists '{"direction":"out","kind":"file","title":"[0-9a-f]*","bytes":17,"moved":0,"waits_for":"hours","problem":null}'
check 'and the database' lists '{"name":"desk-xke","documents":[1-9][0-9]*,"absent":0}'
check 'any hour will do again' "$ctl" policy hours=any --data "$laptop"
check 'then it is told' tells
check 'that it goes with the next sync' says '^  [0-9a-f]\{64\}, 17 bytes: goes with the next sync$'
echo "1..$number"
exit $status
