#!/bin/sh
# Every C file is as clang-format 14 prints it. Usage: check-format.sh SOURCE_ROOT
cd "$1" || exit 2
echo "TAP version 13"
format=
for candidate in clang-format-14 clang-format; do
  if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q 'version 14\.'; then
    format=$candidate
    break
  fi
done
if [ -z "$format" ]; then
  echo "1..0 # SKIP clang-format 14 is not on this machine"
  exit 0
fi
echo "1..1"
if off=$(find app tests -name '*.[ch]' -not -path '*/node_modules/*' -print0 |
           xargs -0 "$format" --dry-run --Werror 2>&1); then
  echo "ok 1 - sources are formatted"
else
  echo "not ok 1 - sources are formatted"
  echo "$off" | grep -E 'error:' | sed 's/^/# /' | head -n 20
  exit 1
fi
