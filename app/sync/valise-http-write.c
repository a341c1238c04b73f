/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-write"

#include "config.h"

#include "valise-http-write.h"
#include "valise-wire.h"

#define MAX_ANSWER (32 << 20) /* of what was refused */
#define SPAN_NAME  "X-Valise-Span"

void
valise_http_span_clear (ValiseHttpSpan *self)
{
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
  self->torn = FALSE;
}

/* @text: "FROM TO". */
static void
grow (ValiseHttpSpan *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", 3);
  gboolean       readable = g_strv_length (parts) == 2;

  if (readable && !self->torn && (self->to == NULL || g_str_equal (self->to, parts[0])))
    {
      if (self->from == NULL)
        self->from = g_strdup (parts[0]);
      g_free (self->to);
      self->to = g_strdup (parts[1]);
      return;
    }
  valise_http_span_clear (self);
  self->torn = TRUE;
}

GPtrArray *
valise_http_write (ValiseHttpSession *session,
                   const char        *path,
                   GPtrArray         *documents,
                   ValiseHttpSpan    *span,
                   GCancellable      *cancellable,
                   GError           **error)
{
  g_autofree char *target =
      g_strconcat (path, "/_bulk_docs", span != NULL ? "?span=true" : "", NULL);
  g_autoptr (GString)          body = valise_wire_make_bulk_docs (documents);
  g_autoptr (ValiseHttpAnswer) answer =
      valise_http_session_send (session, "POST", target, body, NULL, cancellable, error);
  g_autoptr (ValiseJson) json = NULL;
  GPtrArray             *refusals = NULL;

  if (answer != NULL)
    json = valise_http_answer_read_json (answer, MAX_ANSWER, cancellable, error);
  if (json != NULL)
    refusals = valise_wire_read_refusals (json, documents, error);
  if (span != NULL)
    grow (span, refusals != NULL ? valise_http_answer_get_header (answer, SPAN_NAME) : NULL);
  return refusals;
}
