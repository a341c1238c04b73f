/* valise-control.c - commands for a secretariat that serves, through DIR/control
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-control"

#include "config.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "valise-control.h"
#include "valise-log.h"
#include "valise-office-bundle.h"

#define MAX_LINE 65536

struct _ValiseControl
{
  ValiseOffice   *office;
  ValiseReadFunc  read;
  GSocketService *service;
  GCancellable   *cancellable; /* ends waiting for the next line, never a command */
  char           *path;
  gint            running; /* commands; atomic */
};

const char *
valise_import_outcome_to_text (ValiseImport outcome)
{
  switch (outcome)
    {
    case VALISE_IMPORT_REGISTERED:
      return "registered";
    case VALISE_IMPORT_UPDATED:
      return "updated";
    default:
      return "unchanged";
    }
}

/* A socket's path may hold 107 bytes, a folder's more: so through the folder's descriptor,
 * which the caller closes. */
static GSocketAddress *
make_address (const char *directory, int *fd, GError **error)
{
  g_autofree char *path = NULL;

  *fd = open (directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (*fd < 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (saved), "%s: %s", directory,
                   g_strerror (saved));
      return NULL;
    }

  path = g_strdup_printf ("/proc/self/fd/%d/control", *fd);
  return g_unix_socket_address_new (path);
}

/* --- commands --------------------------------------------------------------------------------- */

static void
append_failure (GString *out, const GError *error)
{
  gboolean refused = g_error_matches (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_REFUSED)
                     || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  g_string_assign (out, "{\"error\":");
  valise_json_append_string (out, refused ? "refused" : "failed", -1);
  valise_answer_append_member (out, "reason", error->message);
  g_string_append (out, "}\n");
}

static void
import (ValiseControl *self, const ValiseJson *json, GBytes *bytes, GString *out)
{
  g_autofree char    *name = valise_json_dup_member (json, 0, "name");
  g_autofree char    *meeting = valise_json_dup_member (json, 0, "meeting");
  g_autofree char    *item = valise_json_dup_member (json, 0, "item");
  g_autofree char    *language = valise_json_dup_member (json, 0, "language");
  g_autofree char    *paper = valise_json_dup_member (json, 0, "paper");
  ValiseImportOptions options = { .meeting = meeting,
                                  .item = item,
                                  .language = language,
                                  .symbol = paper,
                                  .name = name != NULL ? name : "" };
  ValiseImport        outcome = VALISE_IMPORT_UNCHANGED;
  g_autofree char    *symbol = NULL;
  g_autoptr (GError)  error = NULL;

  if (self->read == NULL)
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "This server cannot read files");
  else
    valise_office_import (self->office, self->read, bytes, &options, &outcome, &symbol, &error);
  if (error != NULL)
    {
      append_failure (out, error);
      return;
    }

  g_string_assign (out, "{\"outcome\":");
  valise_json_append_string (out, valise_import_outcome_to_text (outcome), -1);
  valise_answer_append_member (out, "symbol", symbol);
  g_string_append (out, "}\n");
}

static void
invite (ValiseControl *self, const ValiseJson *json, GString *out)
{
  g_autofree char   *name = valise_json_dup_member (json, 0, "name");
  g_autofree char   *participant = valise_json_dup_member (json, 0, "participant");
  g_autofree char   *role = valise_json_dup_member (json, 0, "role");
  g_autofree char   *url = valise_json_dup_member (json, 0, "url");
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = valise_office_invite (self->office, name != NULL ? name : "",
                                                participant != NULL ? participant : "",
                                                role != NULL ? role : "", url, &error);

  if (text == NULL)
    {
      append_failure (out, error);
      return;
    }

  g_string_assign (out, "{\"invitation\":");
  valise_json_append_string (out, text, -1);
  g_string_append (out, "}\n");
}

static void
list_accounts (ValiseControl *self, GString *out)
{
  g_autoptr (GPtrArray) people = valise_accounts_list (valise_office_get_accounts (self->office));

  g_string_assign (out, "{\"accounts\":[");
  for (guint i = 0; i < people->len; i++)
    {
      const ValisePerson *person = people->pdata[i];

      g_string_append (out, i > 0 ? ",{\"account\":" : "{\"account\":");
      valise_json_append_string (out, person->account, -1);
      valise_answer_append_member (out, "name", person->name);
      valise_answer_append_member (out, "participant", person->participant);
      valise_answer_append_member (out, "role", person->role);
      g_string_append_c (out, '}');
    }
  g_string_append (out, "]}\n");
}

static void
end_account (ValiseControl *self, const ValiseJson *json, GString *out)
{
  g_autofree char   *account = valise_json_dup_member (json, 0, "account");
  g_autoptr (GError) error = NULL;

  if (!valise_office_revoke (self->office, account != NULL ? account : "", &error))
    {
      append_failure (out, error);
      return;
    }

  g_string_assign (out, "{\"account\":");
  valise_json_append_string (out, account, -1);
  g_string_append (out, "}\n");
}

static void
carry_bundle (ValiseControl *self, const char *command, const ValiseJson *json, GString *out)
{
  g_autoptr (GError) error = NULL;

  if (!valise_office_serve_bundle (self->office, command, json, out, &error))
    append_failure (out, error);
}

/* The bytes that follow the line, if it says that some do. NULL: they do not come. */
static GBytes *
read_bytes (GDataInputStream *input, const ValiseJson *json)
{
  gint64           length = valise_json_get_member_int (json, 0, "length", 0);
  gsize            read = 0;
  g_autofree char *data = NULL;

  if (length < 0 || length > VALISE_IMPORT_MAX)
    return NULL;
  data = g_malloc ((gsize) length + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (input), data, (gsize) length, &read, NULL, NULL)
      || read != (gsize) length)
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&data), (gsize) length);
}

/* One line; FALSE ends the connection. */
static gboolean
serve_line (ValiseControl *self, GDataInputStream *input, const char *line, GString *out)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (line, -1, VALISE_JSON_ANY, NULL);
  g_autofree char   *command = json != NULL ? valise_json_dup_member (json, 0, "command") : NULL;
  g_autoptr (GBytes) bytes = json != NULL ? read_bytes (input, json) : NULL;

  if (command == NULL || bytes == NULL)
    return FALSE;

  valise_log_event ("command", command);
  g_string_truncate (out, 0);
  if (strcmp (command, "import") == 0)
    import (self, json, bytes, out);
  else if (strcmp (command, "invite") == 0)
    invite (self, json, out);
  else if (strcmp (command, "accounts") == 0)
    list_accounts (self, out);
  else if (strcmp (command, "revoke") == 0)
    end_account (self, json, out);
  else if (g_str_has_prefix (command, "bundle-"))
    carry_bundle (self, command, json, out);
  else
    g_string_assign (out, "{\"error\":\"failed\",\"reason\":\"No such command\"}\n");

  return TRUE;
}

/* On a thread of the socket service's. */
static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source,
        gpointer                user_data)
{
  ValiseControl               *self = user_data;
  GOutputStream               *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) input =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean            open = TRUE;

  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_LF);
  g_buffered_input_stream_set_buffer_size (G_BUFFERED_INPUT_STREAM (input), MAX_LINE);
  g_atomic_int_inc (&self->running);
  while (open)
    {
      gsize            length = 0;
      g_autofree char *line =
          g_data_input_stream_read_line (input, &length, self->cancellable, NULL);

      open = line != NULL && length <= MAX_LINE && serve_line (self, input, line, out)
             && g_output_stream_write_all (output, out->str, out->len, NULL, NULL, NULL);
    }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_atomic_int_add (&self->running, -1);

  return TRUE;
}

/* --- the socket ------------------------------------------------------------------------------- */

static gboolean
listen_on (ValiseControl *self, GError **error)
{
  const char                *directory = valise_office_get_directory (self->office);
  int                        fd = -1;
  g_autoptr (GSocketAddress) address = make_address (directory, &fd, error);
  gboolean                   listening = FALSE;

  if (address == NULL)
    return FALSE;

  g_unlink (self->path);
  listening = g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL,
                                             NULL, error);
  close (fd);
  /* The folder is its owner's alone already; this says it twice. */
  if (listening && g_chmod (self->path, 0600) != 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (saved), "%s: %s", self->path,
                   g_strerror (saved));
      return FALSE;
    }

  return listening;
}

static gpointer
start (gpointer data)
{
  ValiseControl *self = data;

  g_socket_service_start (self->service);
  return NULL;
}

ValiseControl *
valise_control_new (ValiseOffice *office, ValiseReadFunc read, GError **error)
{
  ValiseControl *self = g_new0 (ValiseControl, 1);

  self->office = office;
  self->read = read;
  self->cancellable = g_cancellable_new ();
  self->path = g_build_filename (valise_office_get_directory (office), "control", NULL);
  self->service = g_threaded_socket_service_new (4);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_service_stop (self->service);
  if (!listen_on (self, error))
    {
      valise_control_free (self);
      return NULL;
    }
  valise_office_call (office, start, self);

  return self;
}

static gpointer
stop (gpointer data)
{
  ValiseControl *self = data;

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  return NULL;
}

void
valise_control_free (ValiseControl *self)
{
  if (self == NULL)
    return;

  g_unlink (self->path);
  valise_office_call (self->office, stop, self);
  g_cancellable_cancel (self->cancellable);
  while (g_atomic_int_get (&self->running) > 0)
    g_usleep (10 * 1000);
  g_object_unref (self->service);
  g_object_unref (self->cancellable);
  g_free (self->path);
  g_free (self);
}

/* --- a command's end -------------------------------------------------------------------------- */

GSocketConnection *
valise_control_connect (const char *directory, GError **error)
{
  int                        fd = -1;
  g_autoptr (GSocketAddress) address = make_address (directory, &fd, NULL);
  g_autoptr (GSocketClient)  client = g_socket_client_new ();
  g_autoptr (GError)         local = NULL;
  GSocketConnection         *connection = NULL;

  if (address == NULL)
    return NULL;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &local);
  close (fd);
  if (connection == NULL && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
      && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_propagate_error (error, g_steal_pointer (&local));

  return connection;
}

ValiseJson *
valise_control_ask (GSocketConnection *connection, const char *line, GBytes *bytes, GError **error)
{
  GOutputStream               *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) input =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autofree char       *sent = g_strconcat (line, "\n", NULL);
  g_autofree char       *answer = NULL;
  g_autofree char       *reason = NULL;
  g_autoptr (ValiseJson) json = NULL;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (input), FALSE);
  if (!g_output_stream_write_all (output, sent, strlen (sent), NULL, NULL, error)
      || (bytes != NULL
          && !g_output_stream_write_all (output, g_bytes_get_data (bytes, NULL),
                                         g_bytes_get_size (bytes), NULL, NULL, error)))
    return NULL;

  answer = g_data_input_stream_read_line (input, NULL, NULL, error);
  if (answer == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The server hung up");
      return NULL;
    }
  json = valise_json_scan_text (answer, -1, VALISE_JSON_ANY, error);
  if (json == NULL)
    return NULL;
  reason = valise_json_dup_member (json, 0, "reason");
  if (valise_json_find (json, 0, "error") != VALISE_JSON_NONE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", reason != NULL ? reason : "failed");
      return NULL;
    }

  return g_steal_pointer (&json);
}
