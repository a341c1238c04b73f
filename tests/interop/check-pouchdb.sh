#!/bin/sh
# PouchDB against valise-server. Usage: check-pouchdb.sh VALISE_SERVER
# SPDX-License-Identifier: GPL-3.0-or-later
here=$(cd "$(dirname "$0")" && pwd)

skip () { # REASON
  echo "1..0 # SKIP $1"
  exit 0
}

command -v node >/dev/null || skip 'node is not on this machine'
: "${VALISE_INTEROP_MODULES:=$here}"
export VALISE_INTEROP_MODULES
[ -d "$VALISE_INTEROP_MODULES/node_modules/pouchdb" ] ||
  skip 'PouchDB is not installed: npm ci in tests/interop'

exec node "$here/pouchdb.js" "$1"
