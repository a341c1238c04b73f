"""The window as a screen reader meets it: an invitation from the command line, joining, a paper,
a search; each found by its role and its name, nothing by where it stands. GTK 4.8 does not say what
is in sight, so each case waits for words that only come with what it waits for.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import shutil
import subprocess
import tempfile
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PROGRAMS = os.environ["VALISE_PROGRAMS"]
PATIENCE = 90  # seconds; a sanitized program on a busy machine
WORD = "cybersecurity"

failed = False
number = 0


def program(name):
    return os.path.join(PROGRAMS, name)


def case(function):
    """Runs a case and says how it went, in TAP."""
    global failed, number
    number += 1
    name = function.__name__
    try:
        function()
        print(f"ok {number} - {name}", flush=True)
    except AssertionError as wrong:
        failed = True
        print(f"not ok {number} - {name}\n# {wrong}", flush=True)


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
        try:
            result = condition()
        except GLib.Error:
            result = None
        if result:
            return result
        time.sleep(0.2)
    raise AssertionError(f"not within {PATIENCE} s: {what}")


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


def run(root):
    secretariat = os.path.join(root, "secretariat")
    laptop = os.path.join(root, "laptop")
    invitation = os.path.join(root, "amina.valise")
    subprocess.run(
        [program("valise-server"), "init", secretariat, "--sample", "--name", "Programme of action"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    server = subprocess.Popen(
        [program("valise-server"), "serve", secretariat, "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    application = None
    try:
        line = server.stdout.readline()
        url = line.split()[-1]
        with open(invitation, "w", encoding="utf-8") as file:
            subprocess.run(
                [program("valise-server"), "invite", secretariat, "--participant", "XKE"]
                + ["--role", "delegate", "--name", "Amina Diallo", "--url", url],
                check=True,
                stdout=file,
            )
        # As a file manager does: with the file's name.
        application = subprocess.Popen(
            [program("valise"), "--data", laptop, invitation],
            env={**os.environ, "G_DEBUG": "fatal-warnings"},
        )
        case(an_invitation_on_the_command_line_shows_who_invites)
        case(joining_opens_the_record)
        case(every_button_has_a_name)
        case(searching_finds_a_paper)
        case(what_was_found_opens_with_its_words)
        assert application.poll() is None, "the window ended by itself"
    finally:
        for process in (application, server):
            if process is not None:
                process.terminate()
                process.wait(30)


def main():
    print("TAP version 13\n1..5", flush=True)
    root = tempfile.mkdtemp(prefix="valise-at-spi-")
    try:
        run(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    raise SystemExit(1 if failed else 0)


main()
