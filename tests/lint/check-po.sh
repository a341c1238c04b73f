#!/bin/sh
# The catalogues say everything the window says, in each of their languages.
# Usage: check-po.sh SOURCE_ROOT
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$1" || exit 2
n=0
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT INT TERM

say () { # COMPLAINT NAME: a case, which passes if there is no complaint
  n=$((n + 1))
  if [ -z "$1" ]; then
    echo "ok $n - $2"
  else
    echo "not ok $n - $2"
    echo "$1" | head -n 20 | sed 's/^/# /'
  fi
}

languages=$(sed -e 's/#.*//' po/LINGUAS)
sources=$(sed -e 's/#.*//' po/POTFILES | sort)
echo "TAP version 13"
# shellcheck disable=SC2086
set -- $languages
echo "1..$((1 + 3 * $#))"
if ! command -v msgcmp >/dev/null; then
  seq -f 'ok %.0f # SKIP gettext is not installed' $((1 + 3 * $#))
  exit 0
fi

# What has words for people, and what is listed: the same files.
{
  grep -rlE --include='*.[ch]' '\b(_|C_|N_|NC_|n?gettext|g_dn?gettext) \("' app
  grep -lE 'translatable="' ui/*.ui
  ls data/*.desktop.in data/*.metainfo.xml.in
} | sort >"$scratch/speak"
echo "$sources" | grep . >"$scratch/listed"
say "$(diff "$scratch/listed" "$scratch/speak" | grep '^[<>]')" "POTFILES lists the files that have words, and no others"

# shellcheck disable=SC2086
xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
  --flag=_:1:pass-c-format --flag=N_:1:pass-c-format --flag=C_:2:pass-c-format --flag=NC_:2:pass-c-format \
  --output="$scratch/valise.pot" $sources 2>"$scratch/complaint" || cat "$scratch/complaint" >&2

# Placeholders of every message without plural forms, whose forms may leave out a number that
# the words say ("two papers" in Arabic); msgfmt minds those.
compare_placeholders () {
  msgattrib --no-obsolete --no-wrap "$1" | awk '
    function placeholders (text,   list, found, count, i, j, swap, joined) {
      gsub(/%%/, "", text)
      while (match(text, /%([0-9]+\$)?[-+ 0#]*[0-9]*(\.[0-9]+)?[a-zA-Z]/)) {
        list[++count] = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
      }
      for (i = 1; i < count; i++)
        for (j = i + 1; j <= count; j++)
          if (list[j] < list[i]) { swap = list[i]; list[i] = list[j]; list[j] = swap }
      for (i = 1; i <= count; i++) joined = joined list[i] " "
      return joined
    }
    function judge () {
      if (!plural && id != "" && placeholders(id) != placeholders(translation)) print id
      id = translation = ""; plural = 0
    }
    /^msgid "/ { judge(); what = "id" }
    /^msgid_plural/ { plural = 1; what = "" }
    /^msgstr/ { what = "translation" }
    /^msgctxt/ { judge(); what = "" }
    { text = $0; sub(/^[^"]*"/, "", text); sub(/"$/, "", text) }
    /"$/ && what == "id" { id = id text }
    /"$/ && what == "translation" { translation = translation text }
    END { judge() }'
}

for language in $languages; do
  catalogue=po/$language.po
  say "$(msgfmt --check --output-file=/dev/null "$catalogue" 2>&1)" "$language: is a sound catalogue"
  # msgcmp refuses what is missing, untranslated or fuzzy.
  say "$(msgcmp "$catalogue" "$scratch/valise.pot" 2>&1)" "$language: has every message, and none in doubt"
  say "$(compare_placeholders "$catalogue")" "$language: keeps every placeholder"
done
