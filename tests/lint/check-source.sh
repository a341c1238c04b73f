#!/bin/sh
# The rules no compiler holds. Usage: check-source.sh SOURCE_ROOT
cd "$1/app" || exit 2
echo "TAP version 13"
tests=0
status=0

refuse () { # NAME GREP-ARGUMENTS…: fails where grep finds something
  name=$1
  shift
  tests=$((tests + 1))
  if found=$(grep -rnE --include='*.[ch]' "$@" .); then
    echo "not ok $tests - $name"
    echo "$found" | sed 's/^/# /'
    status=1
  else
    echo "ok $tests - $name"
  fi
}

refuse 'headers are included by name, not by path' '#include "[^"]*/'
refuse 'only the store sees SQLite' --exclude-dir=store '#include <sqlite3'
refuse 'only sync sees libsoup' --exclude-dir=sync '#include <libsoup'
refuse 'only the server sees libmicrohttpd' --exclude-dir=server '#include <microhttpd'
refuse 'only views see GTK' --exclude-dir=views '#include <(gtk/|adwaita|gdk/)'
refuse 'views see no store' --exclude-dir=base --exclude-dir=store --exclude-dir=sync --exclude-dir=account --exclude-dir=programme --exclude-dir=drafting --exclude-dir=translation --exclude-dir=server --exclude='valise.c' --exclude='valise-server.c' --exclude='valisectl*.c' 'valise_(database|home|db|stmt|search_index|file_store)_[a-z]+ \('
refuse 'translated text stays in views' --exclude-dir=views --exclude='valise.c' '[^a-z_](_|C_|ngettext) \('
refuse 'no goto' '^[[:space:]]*goto '
refuse 'no word left open' '(TODO|FIXME|XXX)'
refuse 'no path of one machine' '"/(home|work|root)/'

# A table of words is read from top to bottom, however long it is.
tests=$((tests + 1))
long=$(find . ../tests -name '*.[ch]' ! -name valise-exceptions.c ! -path '*/node_modules/*' -exec wc -l {} + \
  | awk '$2 != "total" && $1 > 500 { print "# " $2 ": " $1 " lines" }')
if [ -n "$long" ]; then
  echo "not ok $tests - no file past 500 lines"
  echo "$long"
  status=1
else
  echo "ok $tests - no file past 500 lines"
fi

tests=$((tests + 1))
unlicensed=$(grep -rL --include='*.[ch]' 'SPDX-License-Identifier: GPL-3.0-or-later' .)
if [ -n "$unlicensed" ]; then
  echo "not ok $tests - every source names its licence"
  echo "$unlicensed" | sed 's/^/# /'
  status=1
else
  echo "ok $tests - every source names its licence"
fi

echo "1..$tests"
exit $status
