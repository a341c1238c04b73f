#!/bin/sh
# A suite of node's, where node and its modules are. Usage: check-node.sh SUITE.js PROGRAM…
# SPDX-License-Identifier: GPL-3.0-or-later
here=$(cd "$(dirname "$0")" && pwd)

skip () { # REASON
  echo "1..0 # SKIP $1"
  exit 0
}

command -v node >/dev/null || skip 'node is not on this machine'
: "${VALISE_INTEROP_MODULES:=$here}"
export VALISE_INTEROP_MODULES
for module in pouchdb express-pouchdb; do
  [ -d "$VALISE_INTEROP_MODULES/node_modules/$module" ] ||
    skip "$module is not installed: npm ci in tests/interop"
done

suite=$1
shift
exec node "$here/$suite" "$@"
