/* valise-command-import.c - valise-server import
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command-import"

#include "config.h"

#include <string.h>

#include "valise-answer.h"
#include "valise-command.h"
#include "valise-control.h"

/* Where the files go: to a server that runs, or into the folder ourselves. */
typedef struct
{
  GSocketConnection  *connection; /* or NULL */
  ValiseOffice       *office;     /* or NULL */
  ValiseReadFunc      read;
  ValiseImportOptions options;
  guint               counts[3]; /* by ValiseImport */
  guint               refused;
} Import;

static ValiseImport
parse_outcome (const char *text)
{
  if (g_strcmp0 (text, "registered") == 0)
    return VALISE_IMPORT_REGISTERED;
  if (g_strcmp0 (text, "updated") == 0)
    return VALISE_IMPORT_UPDATED;

  return VALISE_IMPORT_UNCHANGED;
}

static gboolean
ask_server (Import *self, GBytes *bytes, ValiseImport *outcome, char **symbol, GError **error)
{
  g_autoptr (GString)    line = g_string_new ("{\"command\":\"import\"");
  g_autoptr (ValiseJson) json = NULL;
  g_autofree char       *text = NULL;

  valise_answer_append_member (line, "name", self->options.name);
  if (self->options.meeting != NULL)
    valise_answer_append_member (line, "meeting", self->options.meeting);
  if (self->options.item != NULL)
    valise_answer_append_member (line, "item", self->options.item);
  if (self->options.language != NULL)
    valise_answer_append_member (line, "language", self->options.language);
  if (self->options.symbol != NULL)
    valise_answer_append_member (line, "paper", self->options.symbol);
  g_string_append_printf (line, ",\"length\":%" G_GSIZE_FORMAT "}", g_bytes_get_size (bytes));
  json = valise_control_ask (self->connection, line->str, bytes, error);
  if (json == NULL)
    return FALSE;

  text = valise_json_dup_member (json, 0, "outcome");
  *outcome = parse_outcome (text);
  *symbol = valise_json_dup_member (json, 0, "symbol");
  return TRUE;
}

/* The file whole, within what is read at all. */
static GBytes *
read_file (const char *path, GError **error)
{
  g_autoptr (GFile)     file = g_file_new_for_commandline_arg (path);
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, error);

  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) > VALISE_IMPORT_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "larger than %d MiB",
                   VALISE_IMPORT_MAX / 1024 / 1024);
      return NULL;
    }

  return g_file_load_bytes (file, NULL, NULL, error);
}

/* One file, one line. FALSE: the server is gone, and so is the rest of the run. */
static gboolean
import_file (Import *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = read_file (path, &error);
  g_autofree char   *name = g_path_get_basename (path);
  g_autofree char   *symbol = NULL;
  ValiseImport       outcome = VALISE_IMPORT_UNCHANGED;

  self->options.name = name;
  if (bytes != NULL && self->connection != NULL)
    ask_server (self, bytes, &outcome, &symbol, &error);
  else if (bytes != NULL)
    valise_office_import (self->office, self->read, bytes, &self->options, &outcome, &symbol,
                          &error);

  if (error != NULL)
    {
      self->refused++;
      g_strdelimit (error->message, "\n\r", ' '); /* a line a file */
      g_print ("refused %s: %s\n", path, error->message);
      return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
             && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
    }
  self->counts[outcome]++;
  g_print ("%s %s %s\n", valise_import_outcome_to_text (outcome), symbol != NULL ? symbol : "-",
           path);
  return TRUE;
}

static int
import_all (Import *self, char **paths)
{
  gboolean going = TRUE;

  for (guint i = 0; paths[i] != NULL && going; i++)
    going = import_file (self, paths[i]);
  g_print ("%u registered, %u updated, %u unchanged, %u refused\n",
           self->counts[VALISE_IMPORT_REGISTERED], self->counts[VALISE_IMPORT_UPDATED],
           self->counts[VALISE_IMPORT_UNCHANGED], self->refused);
  if (!going)
    g_printerr ("valise-server: the server has stopped; the files after that one were not sent\n");

  return self->refused == 0 ? VALISE_EXIT_OK : VALISE_EXIT_FAILED;
}

static int
import (Import *self, char **argv)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (GSocketConnection) connection = valise_control_connect (argv[1], &error);
  g_autoptr (ValiseOffice)      office = NULL;

  if (connection == NULL && error == NULL)
    office = valise_office_open (argv[1], &error);
  if (error != NULL)
    return valise_command_fail (error);

  self->connection = connection;
  self->office = office;
  return import_all (self, argv + 2);
}

int
valise_command_import (int argc, char **argv, ValiseReadFunc read)
{
  g_autofree char   *meeting = NULL;
  g_autofree char   *item = NULL;
  g_autofree char   *language = NULL;
  g_autofree char   *paper = NULL;
  Import             self = { .read = read };
  int                status = 0;
  const GOptionEntry entries[] = {
    { "meeting", 0, 0, G_OPTION_ARG_STRING, &meeting, "The meeting they belong to", "ID" },
    { "item", 0, 0, G_OPTION_ARG_STRING, &item, "Its agenda item", "N" },
    { "language", 0, 0, G_OPTION_ARG_STRING, &language, "The language they are in", "CODE" },
    { "paper", 0, 0, G_OPTION_ARG_STRING, &paper, "The paper they are", "SYMBOL" },
    { NULL }
  };

  if (!valise_command_parse ("import DIR FILE… [--meeting ID --item N --language L --paper SYMBOL]",
                             "Registers, seals and issues papers: Akoma Ntoso or plain text; and, "
                             "for a paper that is registered, its originals: PDF or DOCX, whose "
                             "name says of which paper (A_RES_77_37-en.pdf) where --paper does "
                             "not. One line a file says what became of it; importing twice changes "
                             "nothing. A paper without a symbol gets the next of its series.",
                             entries, &argc, &argv, 2, G_MAXINT - 1, &status))
    return status;

  self.options.meeting = meeting;
  self.options.item = item;
  self.options.language = language;
  self.options.symbol = paper;
  return import (&self, argv);
}
