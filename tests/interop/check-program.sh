#!/bin/sh
# valise-server as its users meet it. Usage: check-program.sh VALISE_SERVER
# SPDX-License-Identifier: GPL-3.0-or-later
server=$1
shared=${VALISE_SHARED:-/nonexistent}
folder=$(mktemp -d)
office=$folder/secretariat
pid=
number=0
status=0

tidy () {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null
  rm -rf "$folder"
}
trap tidy EXIT

check () { # NAME STATUS COMMAND…: what it says is kept for the next `says`
  name=$1
  expected=$2
  shift 2
  number=$((number + 1))
  "$@" >"$folder/now" 2>&1
  got=$?
  [ "$1" = says ] || mv "$folder/now" "$folder/said"
  if [ "$got" -eq "$expected" ]; then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    echo "# exit $got, not $expected"
    sed 's/^/# /' "$folder/said" | tail -n 30
    status=1
  fi
}

says () { grep -q -- "$1" "$folder/said"; } # the last command that was no `says`

start () { # waits until it listens
  : >"$folder/listening"
  "$server" serve "$office" --listen 127.0.0.1:0 >"$folder/listening" 2>"$folder/log" &
  pid=$!
  for _ in $(seq 200); do
    grep -q '^listening on https://127.0.0.1:[1-9]' "$folder/listening" && return 0
    sleep 0.1
  done
  return 1
}

stop () {
  kill -TERM "$pid"
  wait "$pid"
  ended=$?
  pid=
  return "$ended"
}

cat >"$folder/paper.txt" <<'TEXT'
Working paper on keeping words together

Submitted by Kestria

1. A paper that was carried by hand arrives at last.

2. Those who wait for it read it at once.
TEXT
printf 'not a paper\000at all' >"$folder/binary.xml"

echo 'TAP version 13'
for command in init import invite serve; do
  check "$command explains itself" 0 "$server" "$command" --help
  check "and says how it is used" 0 says "Usage: valise-server $command DIR"
done
check 'an unknown command is not understood' 2 "$server" fly
check 'nothing is served where nothing was made' 1 "$server" serve "$folder/nowhere"
check 'and nothing is made by it' 1 test -e "$folder/nowhere"

check 'init makes a programme' 0 "$server" init "$office" --name 'Test programme'
check 'the root key is its owner’s alone' 0 sh -c "test \"\$(stat -c %a '$office/keys/root.key')\" = 600"
check 'so is the certificate’s' 0 sh -c "test \"\$(stat -c %a '$office/server/key.pem')\" = 600"
check 'init does not make it again' 1 "$server" init "$office"
check 'a paper is imported' 0 "$server" import "$office" "$folder/paper.txt" --language en
check 'and registered' 0 says '^1 registered, 0 updated, 0 unchanged, 0 refused$'
check 'it is imported twice' 0 "$server" import "$office" "$folder/paper.txt" --language en
check 'which changes nothing' 0 says '^0 registered, 0 updated, 1 unchanged, 0 refused$'
check 'what is no paper is refused' 1 "$server" import "$office" "$folder/binary.xml" "$folder/missing"
check 'with its name' 0 says '^refused .*binary.xml: '
check 'an invitation is written' 0 "$server" invite "$office" --participant XKE --role delegate \
  --name 'Ama Person' --url https://example.org:6985
check 'for the address given' 0 says 'https://example.org:6985'
check 'not for what there is not' 1 "$server" invite "$office" --participant XKE --role king --name A
check 'nor without a name' 2 "$server" invite "$office" --participant XKE --role delegate

check 'it serves' 0 start
check 'once' 1 "$server" serve "$office" --listen 127.0.0.1:0
check 'a paper is imported meanwhile' 0 "$server" import "$office" "$folder/paper.txt" --language en
check 'by the server that runs' 0 grep -q '"event":"command","detail":"import"' "$folder/log"
check 'an invitation is written meanwhile' 0 "$server" invite "$office" --participant org-icrc \
  --role observer --name 'An Observer'
check 'for where it listens' 0 says "$(sed 's/^listening on //' "$folder/listening")"
check 'what is no paper is refused meanwhile' 1 "$server" import "$office" "$folder/binary.xml"
if [ -d "$shared/corpus/en" ]; then
  # Unquoted: names of the corpus hold no spaces.
  files=$(find "$shared/corpus" "$shared/seeds" -name '*.xml' -o -path '*/seeds/*.txt' | sort)
  count=$(echo "$files" | wc -l)
  # shellcheck disable=SC2086
  check 'the whole corpus is imported while it serves' 0 "$server" import "$office" $files
  check "all $count files of it" 0 says "^$count registered, 0 updated, 0 unchanged, 0 refused\$"
  # shellcheck disable=SC2086
  check 'twice' 0 "$server" import "$office" $files
  check 'which changes nothing' 0 says "^0 registered, 0 updated, $count unchanged, 0 refused\$"
else
  echo '# the corpus is not here; its import was skipped'
fi
check 'it stops when told' 0 stop
check 'and leaves no socket' 1 test -e "$office/control"
check 'no secret is in its log' 1 grep -Eq 'token|password|Authorization' "$folder/log"
check 'and every line of that is JSON' 1 grep -Evq '^\{"time":"[^"]*",.*\}$' "$folder/log"
check 'it starts again where it stopped' 0 start
check 'and stops again' 0 stop
echo "1..$number"
exit $status
