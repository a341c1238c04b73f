/* edit-notes.c - edits an account's desk until it is killed, or looks whether the edits are there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: edit-notes DATA FIRST [--sync]: does edit FIRST, FIRST + 1… and prints each number once
 * it is acknowledged; with --sync while it syncs, as the window does. edit-notes DATA --waiting:
 * prints which notes the server has not acknowledged. edit-notes DATA --check N [FILE]: exits 0
 * where the first N are there, but for notes that FILE lists. Each fourth edit changes the note
 * before it; the others write one. Whether a secretariat takes notes is for its descriptions of
 * records to say.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "valise-home.h"
#include "valise-outgoing.h"
#include "valise-scheduler.h"

#define BREATH_US (2 * 1000) /* between two edits, where it syncs beside */

static gboolean
is_change (guint64 number)
{
  return number % 4 == 3;
}

/* Of the note that edit @number writes or changes. */
static char *
make_id (guint64 number)
{
  return g_strdup_printf ("xke:note:%" G_GUINT64_FORMAT, is_change (number) ? number - 1 : number);
}

static GBytes *
make_body (guint64 number)
{
  g_autofree char *filler = g_strnfill (1 + number * 97 % 5000, 'n');
  char            *text = g_strdup_printf ("{\"type\":\"note\",\"n\":%" G_GUINT64_FORMAT
                                           ",\"edited\":%d,\"text\":\"%s\"}",
                                           number, is_change (number), filler);

  return g_bytes_new_take (text, strlen (text));
}

/* Whether edit @number stands in the database, as one does that was killed before it said so. */
static gboolean
is_done (ValiseDatabase *database, guint64 number, char **rev, GError **error)
{
  g_autofree char           *id = make_id (number);
  g_autoptr (GError)         failure = NULL;
  g_autoptr (ValiseDocument) note = valise_database_get (database, id, NULL, &failure);
  g_autoptr (GBytes)         body = make_body (number);
  gboolean                   same = FALSE;

  if (note == NULL)
    {
      if (!g_error_matches (failure, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
        g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  *rev = g_strdup (note->rev);
  same = g_bytes_equal (note->body, body);
  if (!same && !is_change (number)) /* it was changed since */
    {
      g_autoptr (GBytes) later = make_body (number + 1);

      same = is_change (number + 1) && g_bytes_equal (note->body, later);
    }
  return same;
}

static gboolean
edit_once (ValiseDatabase *database, guint64 number, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char   *before = NULL;
  g_autofree char   *id = make_id (number);
  g_autofree char   *rev = NULL;
  g_autoptr (GBytes) body = make_body (number);

  if (is_done (database, number, &before, &failure))
    return TRUE;
  if (failure == NULL)
    rev = valise_database_put (database, id, before, FALSE, body, NULL, &failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return rev != NULL;
}

static gboolean
edit (ValiseDatabase *database, guint64 first, gboolean syncs, GError **error)
{
  for (guint64 i = first; edit_once (database, i, error); i++)
    {
      printf ("%" G_GUINT64_FORMAT "\n", i);
      fflush (stdout);
      while (syncs && g_main_context_iteration (NULL, FALSE))
        continue;
      if (syncs)
        g_usleep (BREATH_US);
    }
  return FALSE;
}

/* @but: (nullable): ids that are not looked at. */
static gboolean
check (ValiseDatabase *database, guint64 count, char **but, GError **error)
{
  for (guint64 i = 0; i < count; i++)
    {
      g_autoptr (GError) failure = NULL;
      g_autofree char   *id = make_id (i);
      g_autofree char   *rev = NULL;

      if ((but != NULL && g_strv_contains ((const char *const *) but, id))
          || is_done (database, i, &rev, &failure))
        continue;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "Edit %" G_GUINT64_FORMAT " of %s: %s",
                   i, valise_database_get_name (database),
                   failure != NULL ? failure->message
                   : rev != NULL   ? "something else is there"
                                   : "missing");
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_but (ValiseDatabase *database, char **arguments, GError **error)
{
  g_autofree char *list = NULL;
  g_auto (GStrv)   but = NULL;

  if (arguments[1] != NULL && !g_file_get_contents (arguments[1], &list, NULL, error))
    return FALSE;
  if (list != NULL)
    but = g_strsplit (list, "\n", -1);
  return check (database, g_ascii_strtoull (arguments[0], NULL, 10), but, error);
}

static void
print_cb (const char *name, gint64 size, gboolean held, gpointer user_data)
{
  printf ("%s\n", strchr (name, '/') + 1);
}

static gboolean
list_waiting (ValiseAccount *account)
{
  g_autoptr (ValiseWanted) wanted = valise_wanted_load (valise_account_get_folder (account));

  valise_outgoing_list (account, wanted, print_cb, NULL);
  return TRUE;
}

static gboolean
run (ValiseAccount *account, char **arguments, GError **error)
{
  ValiseHome                 *home = valise_account_get_home (account);
  g_autoptr (ValiseDatabase)  desk = valise_home_get_database (home, "desk-xke", TRUE, error);
  g_autoptr (ValiseScheduler) scheduler = NULL;
  gboolean                    syncs = g_strcmp0 (arguments[1], "--sync") == 0;

  if (desk == NULL)
    return FALSE;
  if (strcmp (arguments[0], "--waiting") == 0)
    return list_waiting (account);
  if (strcmp (arguments[0], "--check") == 0)
    return check_but (desk, arguments + 1, error);
  if (syncs)
    {
      scheduler = valise_scheduler_new (account);
      valise_scheduler_start (scheduler);
    }
  return edit (desk, g_ascii_strtoull (arguments[0], NULL, 10), syncs, error);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = argc > 2 ? valise_account_open (argv[1], &error) : NULL;
  gboolean                  ok = account != NULL && run (account, argv + 2, &error);

  if (!ok)
    g_printerr ("edit-notes: %s\n", error != NULL ? error->message : "DATA and what to do");
  if (account != NULL)
    valise_account_close (account);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
