#!/bin/sh
# The window as a screen reader meets it, on a virtual display and a bus of its own.
# Usage: at-spi.sh SCRIPT; the programs are in $VALISE_PROGRAMS.
# SPDX-License-Identifier: GPL-3.0-or-later
skip () { echo "1..0 # SKIP $1"; exit 0; }
command -v xvfb-run >/dev/null || skip "xvfb is not installed"
command -v dbus-run-session >/dev/null || skip "dbus is not installed"
# Another python3 may come first on PATH, without gi.
/usr/bin/python3 -c 'import gi; gi.require_version("Atspi", "2.0"); from gi.repository import Atspi' 2>/dev/null ||
  skip "python3-gi or gir1.2-atspi-2.0 is not installed"
[ -x /usr/libexec/at-spi-bus-launcher ] || [ -x /usr/lib/at-spi2-core/at-spi-bus-launcher ] ||
  skip "at-spi2-core is not installed"
# What the registry warns of is no failure; the window takes warnings as before.
unset DBUS_SESSION_BUS_ADDRESS G_DEBUG
# A display of its own, and of nobody's desktop.
unset DISPLAY WAYLAND_DISPLAY
# The results are the script's alone; what else is printed, by what the buses start, goes with the errors.
exec "$(dirname "$0")/../support/with-display.sh" dbus-run-session -- \
  sh -c 'exec /usr/bin/python3 "$1" >&3 3>&-' sh "$1" 3>&1 >&2
