#!/bin/sh
# Runs a program of windows on a virtual display where there is no display. Usage: PROGRAM [ARG…]
#
# -noreset: else the display starts anew whenever its last window closes, and refuses whoever comes in that moment.
# With two programs that came and went on one, a ninth of their attempts were refused; so, none.
if [ -n "$DISPLAY" ] || [ -n "$WAYLAND_DISPLAY" ] || ! command -v xvfb-run >/dev/null; then
  exec "$@"
fi
exec xvfb-run -a -s "-screen 0 1280x800x24 -noreset" "$@"
