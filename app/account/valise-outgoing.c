/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-outgoing"

#include "config.h"

#include "valise-account-trust.h"
#include "valise-file-transfer.h"
#include "valise-home.h"
#include "valise-id.h"
#include "valise-membership.h"
#include "valise-origin.h"
#include "valise-outgoing.h"

typedef struct
{
  const char        *database;
  ValiseWanted      *wanted;
  gint64             sent;  /* by a run that left out what is held */
  GArray            *spans; /* what came from there */
  ValiseOutgoingFunc func;
  gpointer           user_data;
  guint64            count;
} Listing;

static gboolean
list_change (const ValiseChange *change, gpointer user_data)
{
  Listing         *listing = user_data;
  g_autofree char *name = g_strconcat (listing->database, "/", change->id, NULL);
  gboolean         held = valise_wanted_is_held (listing->wanted, name);

  /* A file's document goes with its bytes, and is listed among the files. */
  if (!change->here || valise_spans_contain (listing->spans, change->seq)
      || (change->seq <= listing->sent && !held) || valise_id_get_sha256 (change->id) != NULL)
    return TRUE;
  listing->count++;
  if (listing->func != NULL)
    listing->func (name, change->size, held, listing->user_data);
  return TRUE;
}

static void
list_database (Listing *listing, ValiseAccount *account, const ValiseMembership *membership)
{
  g_autofree char *version = valise_wanted_dup_version (listing->wanted, listing->database);
  gint64           since = 0, last = 0;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (valise_account_get_home (account), listing->database, FALSE, NULL);
  g_autoptr (ValiseOrigin) origin = NULL;
  g_autoptr (GArray)       spans = NULL;
  g_autofree char         *there = NULL;

  if (database == NULL)
    return;
  since = valise_membership_get_sent (membership, database, NULL, NULL);
  listing->sent =
      version != NULL ? valise_membership_get_sent (membership, database, version, NULL) : since;
  there = g_strconcat (membership->server, "/", listing->database, NULL);
  origin = valise_origin_new (database, there, NULL);
  listing->spans = spans = valise_origin_dup_spans (origin);
  valise_database_changes (database, since, 0, VALISE_CHANGES_WINNER, list_change, listing, &last,
                           NULL, NULL);
}

guint64
valise_outgoing_list (ValiseAccount     *account,
                      ValiseWanted      *wanted,
                      ValiseOutgoingFunc func,
                      gpointer           user_data)
{
  g_autoptr (ValiseMembership) membership = valise_account_dup_membership (account);
  Listing                      listing = { NULL, wanted, 0, NULL, func, user_data, 0 };

  for (guint i = 0; membership->server != NULL && i < membership->grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (membership->grants, i);

      listing.database = grant->name;
      if (grant->write)
        list_database (&listing, account, membership);
    }
  return listing.count;
}

/* --- what the user holds ---------------------------------------------------------------------- */

typedef struct
{
  ValiseWanted *wanted;
  char         *database;
} Outbound;

static void
free_outbound (gpointer data)
{
  Outbound *outbound = data;

  valise_wanted_unref (outbound->wanted);
  g_free (outbound->database);
  g_free (outbound);
}

static ValiseWant
want_outbound (const char *id, gboolean deleted, gpointer user_data)
{
  Outbound        *outbound = user_data;
  g_autofree char *name = g_strconcat (outbound->database, "/", id, NULL);

  return valise_wanted_is_held (outbound->wanted, name)
             ? VALISE_WANT_SKIP
             : valise_file_transfer_want_outwards (id, deleted, NULL);
}

/* Under another version the log is another one, so the usual one stays before what is held, and
 * everything after it is offered again once it is let go. */
void
valise_outgoing_keep_held (ValiseReplicator *replicator, ValiseWanted *wanted, const char *database)
{
  g_autofree char *version = valise_wanted_dup_version (wanted, database);
  Outbound        *outbound = NULL;

  outbound = g_new0 (Outbound, 1);
  outbound->wanted = valise_wanted_ref (wanted);
  outbound->database = g_strdup (database);
  valise_replicator_set_want (replicator, want_outbound, outbound, free_outbound);
  if (version != NULL)
    valise_replicator_set_want_version (replicator, version);
}
