/* valise-meter.h - the bytes of all of an account's sockets, in one place, and their pace
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counted; any thread. Every session of the account counts here, so that what is shown and
 * what a budget is held against is what the sockets carried, whatever it was for.
 *
 * A rate is kept at the socket: a small receive window and a paced sender slow the peer
 * itself, and no session reads or asks before what was carried has been paid for in time.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ValiseMeter ValiseMeter;

/* Told what was carried since it was told last; on the thread that counted, without a lock. */
typedef void (*ValiseMeterFunc) (guint64 received, guint64 sent, gpointer user_data);

/* Looks at its sockets and calls valise_meter_count(). */
typedef void (*ValiseMeterLook) (gpointer user_data);

ValiseMeter *valise_meter_new (void) G_GNUC_WARN_UNUSED_RESULT;
ValiseMeter *valise_meter_ref (ValiseMeter *self);
void         valise_meter_unref (ValiseMeter *self);

/* @func: (nullable): nobody is told. Once it has returned, the one before is not running. */
void valise_meter_set_listener (ValiseMeter *self, ValiseMeterFunc func, gpointer user_data);

/* Whoever has sockets counts when asked to, from now until it is removed. */
void valise_meter_add_source (ValiseMeter *self, ValiseMeterLook look, gpointer user_data);
void valise_meter_remove_source (ValiseMeter *self, gpointer user_data);

/* Asks all sources, so that a long request is counted while it lasts. */
void valise_meter_sample (ValiseMeter *self);

void valise_meter_count (ValiseMeter *self, guint64 received, guint64 sent);

/* All since the meter was made. */
void valise_meter_get (ValiseMeter *self, guint64 *received, guint64 *sent);

/* @rate: bytes a second, both ways together; 0: as fast as it goes. Sockets that are open keep
 * the one they have. */
void    valise_meter_set_rate (ValiseMeter *self, guint64 rate);
guint64 valise_meter_get_rate (ValiseMeter *self);

/* Fits a TCP socket to the rate; before it connects, or at any time after. */
void valise_meter_fit (ValiseMeter *self, GSocket *socket);

/* How many µs to wait before reading or asking further. */
gint64 valise_meter_get_delay (ValiseMeter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseMeter, valise_meter_unref)

G_END_DECLS
