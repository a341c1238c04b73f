"""The window as a screen reader meets it: an invitation from the command line, joining, a paper,
a search; each found by its role and its name, nothing by where it stands. GTK 4.8 does not say what
is in sight, so each case waits for words that only come with what it waits for.

A case goes on from where the one before it left the window. So the first that fails where others
depend on it ends the test, as does a window that ended: it bails out and says why at once.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import shutil
import subprocess
import tempfile
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

PROGRAMS = os.environ["VALISE_PROGRAMS"]
PATIENCE = 90  # seconds; a sanitized program on a busy machine
ANSWER_MS = 10000  # for one answer of the window's; the library's own 800 are few under load
LOG_LINES = 30  # of what a program that ended said, shown
WORD = "cybersecurity"

failed = False
number = 0
running = []  # the programs that are to run until the test's end


class Ended(AssertionError):
    """A program has ended: no case that follows can pass."""


class Running:
    """A program that runs as long as the test, and what it says on standard error."""

    def __init__(self, root, name, *arguments, **options):
        self.name = name
        self.path = os.path.join(root, name + ".log")
        with open(self.path, "wb") as log:
            self.process = subprocess.Popen([program(name), *arguments], stderr=log, **options)
        running.append(self)

    def check(self):
        status = self.process.poll()
        if status is not None:
            raise Ended(f"{self.name} has ended with status {status}; it said last:\n{self.last_words()}")

    def last_words(self):
        with open(self.path, encoding="utf-8", errors="replace") as log:
            return "\n".join(log.read().splitlines()[-LOG_LINES:])

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def program(name):
    return os.path.join(PROGRAMS, name)


def comment(text):
    for line in str(text).splitlines():
        print(f"# {line}", flush=True)


def bail_out(why):
    comment(why)
    print(f"Bail out! {str(why).splitlines()[0]}", flush=True)
    raise SystemExit(1)


def case(function, others_depend=True):
    """Runs a case and says how it went, in TAP."""
    global failed, number
    number += 1
    name = function.__name__
    try:
        function()
        print(f"ok {number} - {name}", flush=True)
    except (AssertionError, GLib.Error) as wrong:
        failed = True
        print(f"not ok {number} - {name}", flush=True)
        if others_depend or isinstance(wrong, Ended):
            bail_out(wrong)
        comment(wrong)


def walk(node, depth=0):
    """Every node below one; those that go away meanwhile are passed over."""
    if node is None or depth > 60:
        return
    yield node
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for index in range(min(count, 400)):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        yield from walk(child, depth + 1)


def describe(node):
    try:
        return node.get_role_name(), node.get_name() or ""
    except GLib.Error:
        return "", ""


def find(root, name, roles=()):
    for node in walk(root):
        role, label = describe(node)
        if name.lower() in label.lower() and (not roles or role in roles):
            return node
    return None


def wait(what, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for one in running:
            one.check()
        try:
            result = condition()
        except GLib.Error:
            result = None
        if result:
            return result
        time.sleep(0.2)
    raise AssertionError(f"not within {PATIENCE} s: {what}\nthe window shows:\n{in_words()}")


def in_words():
    """What there is to read, for who wonders what the window showed instead."""
    try:
        lines = [f"{role} {label!r}" for role, label in map(describe, walk(window())) if label]
    except GLib.Error as wrong:
        return str(wrong)
    return "\n".join(dict.fromkeys(lines)) or "nothing"


def open_bus():
    """Starts the accessibility bus and its registry before the window, which looks for them once, as
    it opens. A first question starts each."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    bus = ("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
    session.call_sync(*bus, None, None, Gio.DBusCallFlags.NONE, PATIENCE * 1000)
    assert Atspi.init() in (0, 1), "the accessibility bus does not answer"
    Atspi.set_timeout(ANSWER_MS, PATIENCE * 1000)
    wait("the registry", lambda: Atspi.get_desktop(0).get_child_count() >= 0)


def window():
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        application = desktop.get_child_at_index(index)
        if application is not None and "alise" in (application.get_name() or ""):
            return application
    return None


def is_hidden(node):
    return not node.get_state_set().contains(Atspi.StateType.VISIBLE)


def see(name, *roles):
    return wait(f"{roles or 'anything'} named {name!r}", lambda: find(window(), name, roles))


def press(name):
    see(name, "push button", "toggle button").do_action(0)


def an_invitation_on_the_command_line_shows_who_invites():
    see("Amina Diallo")
    see("Join", "push button")


def joining_opens_the_record():
    press("Join")
    see("Programme of action")
    # The sample has papers of these; before it came, nothing said so.
    see("on this laptop")
    see("Oriva")


def every_button_has_a_name():
    unnamed = [
        node
        for node in walk(window())
        if describe(node)[0] in ("push button", "toggle button", "menu button")
        and not is_hidden(node)
        and (not describe(node)[1] or describe(node)[1].startswith(("Gtk", "Adw", "Valise")))
    ]
    parents = [describe(node.get_parent()) for node in unnamed]
    assert not unnamed, f"{len(unnamed)} buttons without a name, in {parents}"


def key(*keysyms):
    """Presses keys together, as hands do."""
    for keysym in keysyms:
        Atspi.generate_keyboard_event(keysym, None, Atspi.KeySynthType.PRESS | Atspi.KeySynthType.SYM)


def typed(text):
    Atspi.generate_keyboard_event(0, text, Atspi.KeySynthType.STRING)


def searching_finds_a_paper():
    press("Search everything")
    Atspi.EditableText.set_text_contents(see("Search everything", "entry"), WORD)
    see("found · nothing was sent")


def what_was_found_opens_with_its_words():
    key(0xFF0D)  # Return, in the entry that has the focus
    see("para. ")


def invite(root, secretariat, url):
    """An invitation's file."""
    path = os.path.join(root, "amina.valise")
    with open(path, "w", encoding="utf-8") as file:
        subprocess.run(
            [program("valise-server"), "invite", secretariat, "--participant", "XKE"]
            + ["--role", "delegate", "--name", "Amina Diallo", "--url", url],
            check=True,
            stdout=file,
        )
    return path


def serve(root):
    """Serves the sample programme. Returns an invitation to it."""
    secretariat = os.path.join(root, "secretariat")
    subprocess.run(
        [program("valise-server"), "init", secretariat, "--sample", "--name", "Programme of action"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    server = Running(
        root, "valise-server", "serve", secretariat, "--listen", "127.0.0.1:0", stdout=subprocess.PIPE, text=True
    )
    line = server.process.stdout.readline()
    if not line:
        server.process.wait(PATIENCE)
        server.check()
    return invite(root, secretariat, line.split()[-1])


def run(root):
    open_bus()
    # As a file manager does: with the file's name.
    application = Running(
        root,
        "valise",
        "--data",
        os.path.join(root, "laptop"),
        serve(root),
        env={**os.environ, "G_DEBUG": "fatal-warnings"},
        stdout=subprocess.DEVNULL,
    )
    case(an_invitation_on_the_command_line_shows_who_invites)
    case(joining_opens_the_record)
    case(every_button_has_a_name, others_depend=False)
    case(searching_finds_a_paper)
    case(what_was_found_opens_with_its_words)
    application.check()


def main():
    print("TAP version 13\n1..5", flush=True)
    root = tempfile.mkdtemp(prefix="valise-at-spi-")
    try:
        run(root)
    except (Ended, GLib.Error, OSError, subprocess.SubprocessError) as wrong:
        bail_out(wrong)
    finally:
        for one in reversed(running):
            one.stop()
        shutil.rmtree(root, ignore_errors=True)
    raise SystemExit(1 if failed else 0)


main()
