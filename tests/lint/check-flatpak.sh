#!/bin/sh
# The manifest is one that flatpak-builder reads, and names the application.
# Usage: check-flatpak.sh SOURCE_ROOT APPLICATION_ID
manifest=$1/flatpak/$2.json
echo "TAP version 13"
echo "1..2"
if [ "$(jq -r .id "$manifest")" = "$2" ] && [ "$(jq -r .command "$manifest")" = valise ]; then
  echo "ok 1 - the manifest is JSON and names the application"
else
  echo "not ok 1 - the manifest is JSON and names the application"
fi
if ! command -v flatpak-builder >/dev/null; then
  echo "ok 2 - flatpak-builder knows every property # SKIP flatpak-builder is not installed"
elif complaint=$(flatpak-builder --show-manifest "$manifest" 2>&1 >/dev/null) &&
    ! echo "$complaint" | grep -q 'Unknown property'; then
  echo "ok 2 - flatpak-builder knows every property"
else
  echo "not ok 2 - flatpak-builder knows every property"
  echo "$complaint" | sed 's/^/# /'
fi
