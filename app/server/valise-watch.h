/* valise-watch.h - those who wait for a database to change, without a thread each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each database has a generation here, raised by its "changed" signal; several together have the
 * sum of theirs. Who finds nothing new waits with the generation read before looking, so no
 * change slips in between. Any thread.
 */

#pragma once

#include <gio/gio.h>

#include "valise-answer.h"

G_BEGIN_DECLS

typedef struct _ValiseWatch ValiseWatch;

typedef enum
{
  VALISE_WAKE_CHANGED,   /* something was written */
  VALISE_WAKE_DUE,       /* its time is up */
  VALISE_WAKE_HEARTBEAT, /* still waiting: say so to the client */
  VALISE_WAKE_HUNG_UP,   /* the client is gone */
  VALISE_WAKE_CLOSING,   /* the server stops */
} ValiseWake;

/* Called once for all but HEARTBEAT, after which the waiter is gone; on the watch's context or
 * on the thread that wrote or closes, without the watch's lock. */
typedef void (*ValiseWakeFunc) (ValiseWake wake, gpointer user_data);

ValiseWatch *valise_watch_new (GMainContext *context) G_GNUC_WARN_UNUSED_RESULT;
/* No waiter may be left: close first. */
void valise_watch_free (ValiseWatch *self);

guint valise_watch_get_generation (ValiseWatch *self, const char *const *databases);
void  valise_watch_note_change (ValiseWatch *self, const char *database);

/* @fd: the client's socket, looked at for hang-ups; -1: none. FALSE, with @wake, where there
 * is nothing to wait for any more. */
gboolean valise_watch_add (ValiseWatch      *self,
                           const ValiseWait *wait,
                           int               fd,
                           ValiseWakeFunc    func,
                           gpointer          user_data,
                           ValiseWake       *wake);

/* Takes back the waiter added with @user_data; FALSE where it was woken already. Once it has
 * returned, its socket is not looked at any more. */
gboolean valise_watch_remove (ValiseWatch *self, gpointer user_data);

guint valise_watch_count (ValiseWatch *self);

/* Wakes all, and from now on each at once, with CLOSING. */
void valise_watch_close (ValiseWatch *self);

G_END_DECLS
