/* bench-laptop.c - a laptop whose program stays open, told what to do: ours, beside pouch-laptop.js
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bench-laptop DIR. For each line of standard input it does one thing with the account in
 * DIR and answers by one line of JSON, {"milliseconds"} or {"error"}:
 *   sync              one exchange, both ways, every database, by the window's own scheduler
 *   notes FIRST COUNT SIZE FILE
 *                     writes notes of SIZE bytes into the participant's desk; FILE: the SHA-256
 *                     of a file that they name, or -
 *   edit NUMBER       changes one field of note NUMBER
 *   memory            {"resident", "peak"} in bytes, from the kernel's account
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "valise-home.h"
#include "valise-scheduler.h"

typedef struct
{
  ValiseAccount   *account;
  ValiseScheduler *scheduler;
  GError          *error; /* of the command that runs */
  guint            edits;
} Laptop;

static const char *const words[] = { "States",   "capacity", "confidence",  "measures",
                                     "security", "building", "programme",   "mechanism",
                                     "norms",    "dialogue", "cooperation", "assistance" };

static ValiseDatabase *
open_desk (Laptop *self)
{
  g_autofree char *name =
      g_strconcat ("desk-", valise_account_get_participant (self->account), NULL);

  return valise_home_get_database (valise_account_get_home (self->account), name, TRUE,
                                   &self->error);
}

static char *
make_id (Laptop *self, guint number)
{
  return g_strdup_printf ("%s:note:%u", valise_account_get_participant (self->account), number);
}

/* Words that compress as prose does; the same number, the same words. */
static GBytes *
make_note (guint number, gsize size, const char *file)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (number);
  GString          *body = g_string_new (NULL);

  g_string_printf (body, "{\"type\":\"note\",\"n\":%u,", number);
  if (!g_str_equal (file, "-"))
    g_string_append_printf (body,
                            "\"files\":[{\"name\":\"paper.pdf\",\"sha256\":\"%s\","
                            "\"length\":1048576}],",
                            file);
  g_string_append (body, "\"text\":\"");
  while (body->len + 12 < size)
    g_string_append_printf (body, "%s %x ", words[g_rand_int_range (dice, 0, G_N_ELEMENTS (words))],
                            g_rand_int_range (dice, 0, 1024));
  g_string_append (body, "\"}");
  return g_string_free_to_bytes (body);
}

static void
write_notes (Laptop *self, guint first, guint count, gsize size, const char *file)
{
  g_autoptr (ValiseDatabase) desk = open_desk (self);

  for (guint i = first; desk != NULL && self->error == NULL && i < first + count; i++)
    {
      g_autofree char   *id = make_id (self, i);
      g_autoptr (GBytes) body = make_note (i, size, file);

      g_free (valise_database_put (desk, id, NULL, FALSE, body, NULL, &self->error));
    }
}

static void
edit_note (Laptop *self, guint number)
{
  g_autoptr (ValiseDatabase) desk = open_desk (self);
  g_autofree char           *id = make_id (self, number);
  g_autoptr (ValiseDocument) note =
      desk != NULL ? valise_database_get (desk, id, NULL, &self->error) : NULL;
  g_autoptr (GString) body = NULL;
  g_autoptr (GBytes)  bytes = NULL;
  g_autofree char    *field = NULL;

  if (note == NULL)
    return;
  body = g_string_new_len (g_bytes_get_data (note->body, NULL),
                           (gssize) g_bytes_get_size (note->body));
  field = g_strdup_printf ("\"type\":\"note\",\"edited\":%u,", ++self->edits);
  g_string_replace (body, "\"type\":\"note\",", field, 1);
  bytes = g_bytes_new (body->str, body->len);
  g_free (valise_database_put (desk, id, note->rev, FALSE, bytes, NULL, &self->error));
}

/* Of a line "VmRSS:    123 kB"; bytes. */
static guint64
read_status (const char *status, const char *name)
{
  const char *line = strstr (status, name);

  return line != NULL ? 1024 * g_ascii_strtoull (line + strlen (name) + 1, NULL, 10) : 0;
}

static void
tell_memory (void)
{
  g_autofree char *status = NULL;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    status = g_strdup ("");
  g_print ("{\"resident\":%" G_GUINT64_FORMAT ",\"peak\":%" G_GUINT64_FORMAT "}\n",
           read_status (status, "VmRSS:"), read_status (status, "VmHWM:"));
}

/* What is not taken over there does not count as exchanged. */
static void
exchange (Laptop *self)
{
  g_auto (GStrv) refused = NULL;

  if (!valise_scheduler_sync_once (self->scheduler, NULL, &self->error))
    return;
  g_object_get (self->scheduler, "refused", &refused, NULL);
  if (refused != NULL && refused[0] != NULL)
    g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, refused[0]);
}

static gboolean
obey (Laptop *self, const char *line)
{
  char  file[65] = "-";
  guint first = 0, count = 0, size = 0;

  if (strcmp (line, "sync\n") == 0)
    exchange (self);
  else if (sscanf (line, "notes %u %u %u %64s", &first, &count, &size, file) == 4)
    write_notes (self, first, count, size, file);
  else if (sscanf (line, "edit %u", &first) == 1)
    edit_note (self, first);
  else
    return FALSE;
  return TRUE;
}

static void
answer (Laptop *self, gint64 elapsed_us)
{
  g_autofree char *reason = self->error != NULL ? g_strescape (self->error->message, NULL) : NULL;

  if (reason != NULL)
    g_print ("{\"error\":\"%s\"}\n", reason);
  else
    g_print ("{\"milliseconds\":%.1f}\n", (double) elapsed_us / 1000);
  g_clear_error (&self->error);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  Laptop             self = { 0 };
  char               line[128];

  self.account = argc == 2 ? valise_account_open (argv[1], &error) : NULL;
  if (self.account == NULL)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "usage: bench-laptop DIR");
      return EXIT_FAILURE;
    }
  self.scheduler = valise_scheduler_new (self.account);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      gint64 start = g_get_monotonic_time ();

      if (strcmp (line, "memory\n") == 0)
        tell_memory ();
      else if (obey (&self, line))
        answer (&self, g_get_monotonic_time () - start);
      else
        g_print ("{\"error\":\"not understood\"}\n");
      fflush (stdout);
    }
  g_clear_object (&self.scheduler);
  valise_account_close (self.account);
  return EXIT_SUCCESS;
}
