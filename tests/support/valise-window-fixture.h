/* valise-window-fixture.h - a window on a made-up record, for tests of views
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-application.h"
#include "valise-fake.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseApplication *application;
  ValiseContext     *context;
  ValiseScheduler   *scheduler; /* the context's */
  ValiseWindow      *window;
  ValiseReader      *reader;
} WindowFixture;

/* Begins a program: GTK, the clock at VALISE_FAKE_NOW. Where there is no display, prints TAP's
 * skip and exits. */
void valise_window_test_init (int *argc, char ***argv);

void valise_window_fixture_set_up (WindowFixture *fixture, gconstpointer data);
void valise_window_fixture_tear_down (WindowFixture *fixture, gconstpointer data);

/* Lets everything happen until @condition holds; fails where it does not within ten seconds. */
#define VALISE_WAIT_UNTIL(condition)                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    for (guint waited_ = 0; waited_ < 500 && !(condition); waited_++)                              \
      valise_wait_ms (20);                                                                         \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

/* Lets everything happen that is due within @ms. */
void valise_wait_ms (guint ms);

/* Activates @action of the window and lets it happen. */
void valise_window_act (WindowFixture *fixture, const char *action);

/* Opens @symbol and waits until it is on the page, or a sentence says why not. */
void valise_window_read (WindowFixture *fixture, const char *symbol);

/* The first label below @widget whose text contains @text, or NULL. */
GtkWidget *valise_window_find_label (GtkWidget *widget, const char *text);

/* What the clipboard holds. */
char *valise_window_dup_clipboard (WindowFixture *fixture);

/* Saves what the window shows as NAME.png in $VALISE_PICTURES. */
void valise_window_picture (WindowFixture *fixture, const char *name);
/* The same of any other window, or of a popover. */
void valise_window_picture_of (GtkWidget *window, const char *name);

G_END_DECLS
