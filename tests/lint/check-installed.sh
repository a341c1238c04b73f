#!/bin/sh
# What `meson install` puts in a prefix is enough: the programs find their data there, and a
# desktop finds the application, its type of file and its languages.
# Usage: check-installed.sh BUILD_ROOT APPLICATION_ID
build=$1 id=$2
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
echo "TAP version 13"
echo "1..4"
n=0
say () { # STATUS TEXT
  n=$((n + 1))
  if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

DESTDIR=$place meson install -C "$build" --no-rebuild --quiet >&2
prefix=$place$(meson introspect "$build" --buildoptions | jq -r '.[] | select(.name == "prefix").value')
share=$prefix/share

missing=0
for file in applications/$id.desktop metainfo/$id.metainfo.xml mime/packages/$id.mime.xml \
    glib-2.0/schemas/$id.gschema.xml icons/hicolor/scalable/apps/$id.svg \
    icons/hicolor/symbolic/apps/$id-symbolic.svg; do
  [ -s "$share/$file" ] || { echo "# no $file"; missing=1; }
done
for language in ar es fr ru zh_CN; do
  [ -s "$share/locale/$language/LC_MESSAGES/valise.mo" ] || { echo "# no words in $language"; missing=1; }
done
say $missing "a desktop finds the application, its files and its languages"

command=$(sed -n 's/^Exec=\([^ ]*\).*/\1/p' "$share/applications/$id.desktop" | head -1)
[ -x "$prefix/bin/$command" ]
say $? "the desktop file starts a program that is there"

# Nothing of the build is known to these: neither by the environment nor by the folder.
bare () { (cd "$place" && env -i HOME="$place" PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
  LSAN_OPTIONS="${LSAN_OPTIONS:-}" "$@"); }
bare "$prefix/bin/valise-server" init "$place/office" --sample >&2 &&
  bare "$prefix/bin/valise-server" invite "$place/office" --participant XKE --role delegate --name A \
    --url https://127.0.0.1:6985 | grep -q '"root"'
say $? "the server makes the sample programme and an invitation from what is installed"

bare "$prefix/bin/valise" --version | grep -q '^[Vv]alise [0-9]' &&
  bare "$prefix/bin/valisectl" show --help | grep -q SYMBOL
say $? "valise and valisectl start"
