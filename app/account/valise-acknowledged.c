/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-acknowledged"

#include "config.h"

#include <string.h>

#include "valise-account-trust.h"
#include "valise-acknowledged.h"
#include "valise-file-wishes.h"
#include "valise-id.h"
#include "valise-quarantine.h"
#include "valise-store-peer.h"

typedef struct
{
  ValiseHome       *home;
  const char       *database;
  ValiseQuarantine *refused;
} Keep;

/* The log passes over a `file:` document, which goes beside it with its bytes: it is safe when
 * those are. */
static gboolean
is_owed (const Keep *keep, const char *id)
{
  const char      *sha256 = valise_id_get_sha256 (id);
  ValiseFileStore *files = sha256 != NULL ? valise_home_get_files (keep->home, NULL) : NULL;
  gboolean         acknowledged = FALSE;

  return sha256 != NULL
         && (files == NULL
             || !valise_file_parcels_get_acknowledged (files, sha256, keep->database, &acknowledged,
                                                       NULL)
             || !acknowledged);
}

static gboolean
keep_edit (const char *id, const char *rev, gpointer user_data)
{
  const Keep *keep = user_data;

  return valise_quarantine_contains (keep->refused, id, rev) || is_owed (keep, id);
}

void
valise_acknowledged_trim (ValiseHome             *home,
                          ValiseDatabase         *database,
                          const ValiseMembership *membership,
                          const char             *name)
{
  g_autoptr (ValisePeer)       here = NULL;
  g_autoptr (ValiseQuarantine) refused = NULL;
  g_autoptr (GError)           error = NULL;
  g_autofree char             *epoch = NULL;
  gint64                       seq = 0;
  Keep                         keep = { home, name, NULL };

  if (valise_database_get_unsafe_bytes (database) == 0)
    return;
  seq = valise_membership_get_sent (membership, database, NULL, &epoch);
  if (epoch == NULL)
    return;
  here = valise_store_peer_new (database);
  epoch[strcspn (epoch, "/")] = '\0';
  refused = valise_quarantine_load (here, "quarantine-out", NULL, &error);
  keep.refused = refused;
  if (refused == NULL
      || !valise_database_trim_journal (database, epoch, seq, keep_edit, &keep, &error))
    g_info ("%s keeps its journal: %s", name, error->message);
}
