/* valise-log.h - one JSON line a request, without secrets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is said: when, who, from where, method, path without its query, status, bytes, how
 * long. Never a header, a body, a password or a token. Any thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *method;
  const char *path;
  const char *account; /* or NULL */
  const char *address;
  guint       status;
  guint64     received; /* bytes of the body as they came */
  guint64     sent;     /* bytes of the answer's body */
  gint64      duration_us;
} ValiseLogLine;

/* To @fd, which the caller keeps open; -1: nowhere. */
void valise_log_set_fd (int fd);
void valise_log_request (const ValiseLogLine *line);
/* From now on what GLib's log carries goes there too, a JSON object a line; debug excepted. */
void valise_log_take_messages (void);
void valise_log_event (const char *event, const char *detail);

G_END_DECLS
