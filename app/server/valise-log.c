/* valise-log.c - one JSON line a request, without secrets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-log"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "valise-clock.h"
#include "valise-json.h"
#include "valise-log.h"

static int log_fd = -1;

void
valise_log_set_fd (int fd)
{
  g_atomic_int_set (&log_fd, fd);
}

/* One write a line, so that lines of several threads never mix. */
static void
write_line (int fd, GString *out)
{
  gssize written = 0;

  g_string_append (out, "}\n");
  do
    written = write (fd, out->str, out->len);
  while (written < 0 && errno == EINTR);
}

static GString *
begin_line (void)
{
  g_autofree char *time = valise_clock_format (valise_clock_now ());
  GString         *out = g_string_new ("{\"time\":");

  valise_json_append_string (out, time, -1);
  return out;
}

void
valise_log_request (const ValiseLogLine *line)
{
  int                 fd = g_atomic_int_get (&log_fd);
  g_autoptr (GString) out = NULL;

  if (fd < 0)
    return;

  out = begin_line ();
  valise_json_append_member (out, "method", line->method);
  valise_json_append_member (out, "path", line->path);
  valise_json_append_member (out, "account", line->account);
  valise_json_append_member (out, "address", line->address);
  g_string_append_printf (out,
                          ",\"status\":%u,\"received\":%" G_GUINT64_FORMAT
                          ",\"sent\":%" G_GUINT64_FORMAT ",\"ms\":%" G_GINT64_FORMAT,
                          line->status, line->received, line->sent,
                          line->duration_us / G_TIME_SPAN_MILLISECOND);
  write_line (fd, out);
}

void
valise_log_event (const char *event, const char *detail)
{
  int                 fd = g_atomic_int_get (&log_fd);
  g_autoptr (GString) out = NULL;

  if (fd < 0)
    return;

  out = begin_line ();
  valise_json_append_member (out, "event", event);
  valise_json_append_member (out, "detail", detail);
  write_line (fd, out);
}

static const char *
find_field (const GLogField *fields, gsize n_fields, const char *name)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, name) == 0 && fields[i].length < 0)
      return fields[i].value;

  return NULL;
}

static GLogWriterOutput
write_message (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  int                 fd = g_atomic_int_get (&log_fd);
  g_autoptr (GString) out = NULL;
  const char         *word = "info";

  if (fd < 0 || (level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO)) != 0)
    return G_LOG_WRITER_HANDLED;
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0)
    word = "error";
  else if ((level & G_LOG_LEVEL_WARNING) != 0)
    word = "warning";

  out = begin_line ();
  valise_json_append_member (out, "level", word);
  valise_json_append_member (out, "domain", find_field (fields, n_fields, "GLIB_DOMAIN"));
  valise_json_append_member (out, "message", find_field (fields, n_fields, "MESSAGE"));
  write_line (fd, out);

  return G_LOG_WRITER_HANDLED;
}

void
valise_log_take_messages (void)
{
  g_log_set_writer_func (write_message, NULL, NULL);
}
