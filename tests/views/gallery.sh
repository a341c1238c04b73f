#!/bin/sh
# Takes a picture of every page, dialog, popover and state of the window, to be looked at.
# Usage: tests/views/gallery.sh BUILD FOLDER [STYLE-LANGUAGE…]
# Without a style, all: light-en dark-en narrow-en light-ar narrow-ar light-zh narrow-ru.
set -eu
[ $# -ge 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
shift 2
[ $# -gt 0 ] || set -- light-en dark-en narrow-en light-ar narrow-ar light-zh narrow-ru
ninja -C "$build" --quiet tests/views/gallery valise-gmo data/gschemas.compiled >/dev/null
# A plain locale that is not named C, in which newer C libraries translate nothing.
localedef -i C -f UTF-8 "$folder/en_XX.UTF-8" 2>/dev/null || true
export VALISE_LOCALEDIR="$build/po" GSETTINGS_SCHEMA_DIR="$build/data" GSETTINGS_BACKEND=memory
export GSK_RENDERER=cairo GTK_A11Y=none TZ=UTC LOCPATH="$folder" LC_ALL=en_XX.UTF-8
for one; do
  echo "$one"
  LANGUAGE=${one#*-} "$top/tests/support/with-display.sh" "$build/tests/views/gallery" "${one%-*}" \
    "$folder/$one"
done
