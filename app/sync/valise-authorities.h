/* valise-authorities.h - the certificate authorities that a TLS connection is judged by
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * valise_authorities_none:
 *
 * A database without any authority: every certificate is put to who made the connection. From the
 * first call on it is the process's default too, since a TLS connection of GnuTLS reads its default
 * database as it is made, before it can be given another: the system's 140 authorities, which take
 * longer than the rest of a short exchange. Call it before such a connection is made. Any thread.
 *
 * Returns: (transfer none): the one of this process
 */
GTlsDatabase *valise_authorities_none (void);

/**
 * valise_authorities_system:
 *
 * The system's authorities, for a server whose key nobody pinned; they are read at the first call.
 * Any thread.
 *
 * Returns: (transfer none) (nullable): the one of this process; %NULL where there is no TLS
 */
GTlsDatabase *valise_authorities_system (void);

G_END_DECLS
