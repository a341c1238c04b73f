/* edit-notes.c - edits an account's desk until it is killed, or looks whether the edits are there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: edit-notes DATA FIRST: writes note FIRST, FIRST + 1… and prints each number once it is
 * acknowledged. edit-notes DATA --check N: exits 0 where the first N are there.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "valise-account.h"
#include "valise-home.h"

static char *
make_id (guint64 number)
{
  return g_strdup_printf ("xke:note:%" G_GUINT64_FORMAT, number);
}

static int
edit (ValiseDatabase *database, guint64 first)
{
  for (guint64 i = first;; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *id = make_id (i);
      g_autofree char   *filler = g_strnfill (i * 97 % 5000, 'n');
      g_autofree char   *text = g_strdup_printf (
            "{\"type\":\"note\",\"n\":%" G_GUINT64_FORMAT ",\"text\":\"%s\"}", i, filler);
      g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
      g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

      /* One that was killed may have written it without saying so. */
      if (rev == NULL
          && !g_error_matches (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT))
        {
          g_printerr ("%s\n", error->message);
          return EXIT_FAILURE;
        }
      printf ("%" G_GUINT64_FORMAT "\n", i);
      fflush (stdout);
    }
}

static int
check (ValiseDatabase *database, guint64 count)
{
  for (guint64 i = 0; i < count; i++)
    {
      g_autoptr (GError)         error = NULL;
      g_autofree char           *id = make_id (i);
      g_autoptr (ValiseDocument) note = valise_database_get (database, id, NULL, &error);

      if (note == NULL)
        {
          g_printerr ("%s\n", error->message);
          return EXIT_FAILURE;
        }
    }
  return EXIT_SUCCESS;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseAccount)  account = argc > 2 ? valise_account_open (argv[1], &error) : NULL;
  g_autoptr (ValiseDatabase) database = NULL;
  int                        status = EXIT_FAILURE;

  if (account != NULL)
    database =
        valise_home_get_database (valise_account_get_home (account), "desk-xke", TRUE, &error);
  if (database == NULL)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "usage: edit-notes DATA FIRST");
      return EXIT_FAILURE;
    }
  status = argc > 3 ? check (database, g_ascii_strtoull (argv[3], NULL, 10))
                    : edit (database, g_ascii_strtoull (argv[2], NULL, 10));
  g_clear_object (&database);
  valise_account_close (account);
  return status;
}
