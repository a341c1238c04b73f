/* valise-command-bundle.c - valise-server bundle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command-bundle"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "valise-answer.h"
#include "valise-bundle-request.h"
#include "valise-bundle-writer.h"
#include "valise-command.h"
#include "valise-control.h"
#include "valise-id.h"
#include "valise-office-bundle.h"
#include "valise-passphrase.h"

/* What was asked for, and who does it: a server that runs, or this program. */
typedef struct
{
  const char        *directory;
  const char        *path;
  char              *recipient;
  char             **databases;
  char             **languages;
  char              *meeting;
  char              *since;
  char              *request_file;
  char              *passphrase_file;
  char              *passphrase;
  gboolean           without_originals;
  gint64             max_size;
  ValiseBundleOrder  order;      /* of all that */
  gboolean           refused;    /* (out) some of what was read */
  GSocketConnection *connection; /* or NULL */
  ValiseOffice      *office;     /* or NULL */
} Command;

static gboolean
fail_errno (GError **error, const char *path)
{
  int saved = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved), "%s: %s", path,
               g_strerror (saved));
  return FALSE;
}

/* A place in DIR/server for a file that goes through the server that runs. */
static char *
make_place (Command *self, const char *way, const char *suffix)
{
  g_autofree char *word = valise_random_hex (8);
  g_autofree char *name = g_strconcat (way, "-", word, suffix, NULL);

  return g_build_filename (self->directory, "server", name, NULL);
}

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from), target = g_file_new_for_path (to);

  return g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error);
}

static GString *
begin_line (const char *command, const char *place, const char *passphrase)
{
  GString         *line = g_string_new (NULL);
  g_autofree char *name = g_path_get_basename (place);

  g_string_append_printf (line, "{\"command\":\"%s\"", command);
  valise_answer_append_member (line, "name", name);
  if (passphrase != NULL)
    valise_answer_append_member (line, "passphrase", passphrase);
  return line;
}

static void
free_line (GString *line)
{
  explicit_bzero (line->str, line->len); /* the passphrase */
  g_string_free (line, TRUE);
}

/* --- write ----------------------------------------------------------------------------------- */

/* "FILE", or for the N-th "STEM-N.valise-bundle", as the writer names them. */
static char *
make_target (Command *self, guint part)
{
  gsize length = strlen (self->path);

  if (part == 1)
    return g_strdup (self->path);
  if (g_str_has_suffix (self->path, VALISE_BUNDLE_SUFFIX))
    length -= strlen (VALISE_BUNDLE_SUFFIX);
  return g_strdup_printf ("%.*s-%u" VALISE_BUNDLE_SUFFIX, (int) length, self->path, part);
}

/* Moves the N-th file out of DIR/server to where it was asked for. */
static gboolean
fetch_file (Command *self, const char *name, guint part, GError **error)
{
  g_autofree char *from = g_build_filename (self->directory, "server", name, NULL);
  g_autofree char *to = make_target (self, part);
  gboolean         ok = copy_file (from, to, error);

  if (g_unlink (from) != 0 && ok)
    return fail_errno (error, from);
  if (ok)
    g_print ("%s\n", to);
  return ok;
}

static gboolean
fetch_files (Command *self, const ValiseJson *json, GError **error)
{
  guint    list = valise_json_find (json, 0, "files"), part = 0;
  gboolean ok = TRUE;

  for (guint token = list == VALISE_JSON_NONE ? list : valise_json_first (json, list);
       token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      g_autofree char *name = valise_json_dup_string (json, token);

      ok = name != NULL && fetch_file (self, name, ++part, ok ? error : NULL) && ok;
    }
  return ok;
}

static void
print_list (const ValiseJson *json, const char *member, const char *word)
{
  guint list = valise_json_find (json, 0, member);

  for (guint token = list == VALISE_JSON_NONE ? list : valise_json_first (json, list);
       token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      g_autofree char *text = valise_json_dup_string (json, token);

      g_print ("%s %s\n", word, text);
    }
}

static void
append_texts (GString *line, const char *name, char **texts)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    g_ptr_array_add (list, texts[i]);
  if (texts != NULL)
    valise_bundle_append_list (line, name, list);
}

/* @request: (nullable): where the list lies for the server */
static GString *
make_question (Command *self, const char *place, const char *request)
{
  GString *line = begin_line ("bundle-write", place, self->passphrase);

  valise_answer_append_member (line, "for", self->recipient);
  if (self->meeting != NULL)
    valise_answer_append_member (line, "meeting", self->meeting);
  if (self->since != NULL)
    valise_answer_append_member (line, "since", self->since);
  if (request != NULL)
    {
      g_autofree char *name = g_path_get_basename (request);

      valise_answer_append_member (line, "request", name);
    }
  append_texts (line, "databases", self->databases);
  append_texts (line, "languages", self->languages);
  g_string_append_printf (line, ",\"max_size\":%" G_GINT64_FORMAT ",\"without_originals\":%d}",
                          self->max_size, self->without_originals);
  return line;
}

static gboolean
ask_write (Command *self, GError **error)
{
  g_autofree char       *place = make_place (self, "outgoing", VALISE_BUNDLE_SUFFIX);
  g_autofree char       *request = NULL;
  GString               *line = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (self->request_file != NULL)
    request = make_place (self, "incoming", VALISE_BUNDLE_REQUEST_SUFFIX);
  line = make_question (self, place, request);
  if (request == NULL || copy_file (self->request_file, request, error))
    json = valise_control_ask (self->connection, line->str, NULL, error);
  free_line (line);
  if (request != NULL)
    g_unlink (request);
  if (json == NULL || !fetch_files (self, json, error))
    return FALSE;
  print_list (json, "left_out", "left out");
  g_print ("%" G_GINT64_FORMAT " documents; %" G_GINT64_FORMAT " bytes\n",
           valise_json_get_member_int (json, 0, "documents", 0),
           valise_json_get_member_int (json, 0, "bytes", 0));
  return TRUE;
}

static gboolean
do_write (Command *self, GError **error)
{
  g_autoptr (ValiseBundleReceipt) receipt = NULL;

  self->order.secret.passphrase = self->passphrase;
  if (self->request_file != NULL)
    self->order.request = valise_bundle_request_read (self->request_file, error);
  if (self->request_file == NULL || self->order.request != NULL)
    receipt = valise_office_write_bundle (self->office, &self->order, error);
  if (receipt == NULL)
    return FALSE;
  for (guint i = 0; i < receipt->files->len; i++)
    g_print ("%s\n", (const char *) g_ptr_array_index (receipt->files, i));
  for (guint i = 0; i < receipt->left_out->len; i++)
    g_print ("left out %s\n", (const char *) g_ptr_array_index (receipt->left_out, i));
  g_print ("%" G_GUINT64_FORMAT " documents; %" G_GUINT64_FORMAT " bytes\n", receipt->documents,
           receipt->bytes);
  return TRUE;
}

/* --- read ------------------------------------------------------------------------------------ */

static gboolean
ask_read (Command *self, GError **error)
{
  g_autofree char       *place = make_place (self, "incoming", VALISE_BUNDLE_SUFFIX);
  GString               *line = begin_line ("bundle-read", place, self->passphrase);
  g_autoptr (ValiseJson) json = NULL;

  g_string_append_c (line, '}');
  if (copy_file (self->path, place, error))
    json = valise_control_ask (self->connection, line->str, NULL, error);
  free_line (line);
  g_unlink (place);
  if (json == NULL)
    return FALSE;
  print_list (json, "reasons", "refused");
  g_print ("%" G_GINT64_FORMAT " documents; %" G_GINT64_FORMAT " came, %" G_GINT64_FORMAT
           " refused\n",
           valise_json_get_member_int (json, 0, "documents", 0),
           valise_json_get_member_int (json, 0, "stored", 0),
           valise_json_get_member_int (json, 0, "refused", 0));
  self->refused = valise_json_get_member_int (json, 0, "refused", 0) > 0;
  return TRUE;
}

static gboolean
do_read (Command *self, GError **error)
{
  ValiseBundleSecret              secret = { self->passphrase, NULL };
  g_autoptr (ValiseBundleArrival) arrival =
      valise_office_read_bundle (self->office, self->path, &secret, error);

  if (arrival == NULL)
    return FALSE;
  for (guint i = 0; i < arrival->reasons->len; i++)
    g_print ("refused %s\n", (const char *) g_ptr_array_index (arrival->reasons, i));
  g_print ("%" G_GUINT64_FORMAT " documents; %" G_GUINT64_FORMAT " came, %" G_GUINT64_FORMAT
           " refused\n",
           arrival->documents, arrival->stored, arrival->refused);
  self->refused = arrival->refused > 0;
  return TRUE;
}

/* --- the command ------------------------------------------------------------------------------ */

static gboolean
perform (Command *self, gboolean writes, GError **error)
{
  if (self->passphrase_file != NULL)
    {
      self->passphrase = valise_passphrase_read (self->passphrase_file, error);
      if (self->passphrase == NULL)
        return FALSE;
    }
  self->connection = valise_control_connect (self->directory, error);
  if (self->connection == NULL && (error == NULL || *error == NULL))
    self->office = valise_office_open (self->directory, error);
  if (self->connection != NULL)
    return writes ? ask_write (self, error) : ask_read (self, error);
  return self->office != NULL && (writes ? do_write (self, error) : do_read (self, error));
}

static void
clear (Command *self)
{
  g_clear_object (&self->connection);
  g_clear_pointer (&self->office, valise_office_close);
  g_clear_pointer (&self->passphrase, valise_passphrase_free);
  g_clear_pointer (&self->order.request, valise_bundle_request_free);
  g_clear_pointer (&self->languages, g_strfreev);
  g_clear_pointer (&self->meeting, g_free);
  g_clear_pointer (&self->since, g_free);
  g_clear_pointer (&self->request_file, g_free);
  g_clear_pointer (&self->databases, g_strfreev);
  g_clear_pointer (&self->passphrase_file, g_free);
  g_clear_pointer (&self->recipient, g_free);
}

/* Fills the order from the options; FALSE where they make no sense, which is then said. */
static gboolean
read_order (Command *self)
{
  if (self->recipient == NULL)
    self->recipient = g_strdup (VALISE_BUNDLE_FOR_ANYONE);
  self->order = (ValiseBundleOrder){ .path = self->path,
                                     .recipient = self->recipient,
                                     .databases = (const char *const *) self->databases,
                                     .languages = (const char *const *) self->languages,
                                     .meeting = self->meeting,
                                     .max_size = self->max_size,
                                     .without_originals = self->without_originals };
  if (self->max_size != 0 && self->max_size < VALISE_BUNDLE_SIZE_MIN)
    g_printerr ("valise-server: --max-size takes %d or more\n", VALISE_BUNDLE_SIZE_MIN);
  else if (!valise_bundle_order_set_since (&self->order, self->since))
    g_printerr ("valise-server: --since takes a day, as 2026-07-03, or the number of an issue\n");
  else
    return TRUE;
  return FALSE;
}

static gboolean
parse (Command *self, int *argc, char ***argv, int *status)
{
  const GOptionEntry entries[] = {
    { "for", 0, 0, G_OPTION_ARG_STRING, &self->recipient,
      "Whom it is for: a participant's code, or anyone (left out)", "WHOM" },
    { "database", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->databases,
      "What goes in; left out: what such a one usually gets", "NAME" },
    { "meeting", 0, 0, G_OPTION_ARG_STRING, &self->meeting, "Nothing that is of another", "ID" },
    { "language", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->languages,
      "Texts and originals in this language; may be given again", "CODE" },
    { "since", 0, 0, G_OPTION_ARG_STRING, &self->since,
      "Nothing issued before a day, as 2026-07-03, or up to an issue's number", "SINCE" },
    { "request", 0, 0, G_OPTION_ARG_FILENAME, &self->request_file,
      "Without what that laptop has, as its list says", "FILE" },
    { "without-originals", 0, 0, G_OPTION_ARG_NONE, &self->without_originals,
      "Not the files that papers name", NULL },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &self->passphrase_file,
      "Where the passphrase is: a file's first line; -: standard input", "FILE" },
    { "max-size", 0, 0, G_OPTION_ARG_INT64, &self->max_size,
      "Several files, each of at most so many bytes", "BYTES" },
    { NULL }
  };

  return valise_command_parse (
      "bundle write|read DIR FILE [--for WHOM] [--database NAME]… [--meeting ID] "
      "[--language CODE]… [--since SINCE] [--request FILE] [--without-originals] "
      "[--passphrase-file FILE] [--max-size BYTES]",
      "Writes what a participant lacks into a file that travels by USB stick or e-mail, or takes "
      "what such a file brings back. Each document is judged as if it came over the network; one "
      "that is refused is named, and the exit code is then 6.",
      entries, argc, argv, 3, 3, status);
}

int
valise_command_bundle (int argc, char **argv)
{
  Command            self = { 0 };
  g_autoptr (GError) error = NULL;
  int                status = VALISE_EXIT_OK;
  gboolean           writes = FALSE;

  if (!parse (&self, &argc, &argv, &status))
    return status;

  writes = g_str_equal (argv[1], "write");
  self.directory = argv[2];
  self.path = argv[3];
  if (!writes && !g_str_equal (argv[1], "read"))
    g_printerr ("valise-server: bundle takes write or read\n");
  if ((!writes && !g_str_equal (argv[1], "read")) || !read_order (&self))
    status = VALISE_EXIT_USAGE;
  else if (!perform (&self, writes, &error))
    status = valise_command_fail (error);
  else
    status = self.refused ? VALISE_EXIT_REFUSED : VALISE_EXIT_OK;
  clear (&self);
  return status;
}
