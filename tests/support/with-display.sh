#!/bin/sh
# Runs a program of windows on a virtual display where there is no display. Usage: PROGRAM [ARG…]
if [ -n "$DISPLAY" ] || [ -n "$WAYLAND_DISPLAY" ] || ! command -v xvfb-run >/dev/null; then
  exec "$@"
fi
exec xvfb-run -a -s "-screen 0 1280x800x24" "$@"
