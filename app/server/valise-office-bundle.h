/* valise-office-bundle.h - bundles that the secretariat writes, and those that come back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same whether the server runs (through its control socket) or not. Where it runs, files
 * lie in DIR/server meanwhile: whoever asks moves them, so the server needs no right to any
 * other folder, and nothing large goes through the socket.
 */

#pragma once

#include "valise-bundle.h"
#include "valise-office.h"

G_BEGIN_DECLS

/* As valise_bundle_write(); @order's recipient is "anyone" or a participant. */
ValiseBundleReceipt *valise_office_write_bundle (ValiseOffice            *self,
                                                 const ValiseBundleOrder *order,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As valise_bundle_read(): desks that are here take what passes the gate. */
ValiseBundleArrival *valise_office_read_bundle (ValiseOffice             *self,
                                                const char               *path,
                                                const ValiseBundleSecret *secret,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The control socket's two commands, the JSON line as it came; the answer goes to @out.
 *
 *     {"command": "bundle-write", "name", "for", "databases"?: [NAME, …], "passphrase"?,
 *      "max_size"?, "meeting"?: ID, "languages"?: [CODE, …], "since"?: DAY or "NUMBER",
 *      "request"?: NAME, "without_originals"?: 1}
 *      → {"documents", "bytes", "files": [NAME, …], "left_out": [ID, …]}
 *     {"command": "bundle-read", "name", "passphrase"?}
 *      → {"documents", "stored", "refused", "reasons": [TEXT, …]}
 *
 * A name is one in DIR/server, without a slash. FALSE with %G_IO_ERROR_INVALID_ARGUMENT where the
 * line is not of that form, or as the two above fail. */
gboolean valise_office_serve_bundle (ValiseOffice     *self,
                                     const char       *command,
                                     const ValiseJson *json,
                                     GString          *out,
                                     GError          **error);

/* Adds ,"NAME":["…",…] to an object. */
void valise_bundle_append_list (GString *out, const char *name, GPtrArray *texts);

G_END_DECLS
