/* valisectl-place.h - a database that a command names: a file here, or a URL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * DIR/NAME.sqlite is a database in a folder as Valise keeps it (DIR/files.sqlite beside it,
 * DIR/lock held meanwhile); https://HOST/NAME is one of a CouchDB, PouchDB or valise-server.
 */

#pragma once

#include "valise-home.h"
#include "valise-peer.h"

G_BEGIN_DECLS

typedef struct
{
  ValisePeer     *peer;
  char           *name; /* as it is told: the path made absolute, or the URL */
  ValiseHome     *home; /* of a file */
  ValiseDatabase *database;
} ValisectlPlace;

/* @other: (nullable): opened before; of the same folder, its home is shared. @role: "SOURCE" or
 * "TARGET", for VALISE_SOURCE_USER and the like. @create: makes what is not there. Fails with
 * %VALISE_PEER_ERROR_MISSING or %VALISE_HOME_ERROR_NO_DATABASE where it is not there and is not
 * to be made, with %G_OPTION_ERROR where @spec is none. */
ValisectlPlace *valisectl_place_open (const char           *spec,
                                      const char           *role,
                                      const ValisectlPlace *other,
                                      gboolean              create,
                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void            valisectl_place_close (ValisectlPlace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisectlPlace, valisectl_place_close)

G_END_DECLS
