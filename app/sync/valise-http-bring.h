/* valise-http-bring.h - a file and its document, brought to a database on a server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-http-peer.c.
 */

#pragma once

#include "valise-http-file.h"

G_BEGIN_DECLS

/* What a server can do beyond CouchDB, once it was asked. */
typedef struct
{
  gboolean asked;
  gboolean pieces; /* it takes files in pieces */
} ValiseHttpFeatures;

/* Lent. */
typedef struct
{
  const ValiseHttpPlace *place;
  ValisePeer            *peer; /* the same, by its verbs */
  ValiseHttpFeatures    *features;
  ValisePeerSentFunc     func;
  gpointer               user_data;
} ValiseHttpBringing;

/* As the verb send_file() of valise-peer.h. */
gboolean valise_http_bring (const ValiseHttpBringing *self,
                            ValiseDocument           *document,
                            ValiseFileStore          *files,
                            GCancellable             *cancellable,
                            GError                  **error);

G_END_DECLS
