/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-account-trust"

#include "config.h"

#include "valise-account-trust.h"
#include "valise-checkpoint.h"
#include "valise-home.h"
#include "valise-origin.h"
#include "valise-store-peer.h"

void
valise_account_load_keys (ValiseAccount *account, ValiseTrust *trust)
{
  g_autoptr (ValiseDatabase) public =
      valise_home_get_database (valise_account_get_home (account), "public", FALSE, NULL);
  g_autoptr (ValiseDocument) keys = NULL;
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (GError)         failure = NULL;

  if (public != NULL)
    keys = valise_database_get (public, "keys", NULL, NULL);
  if (keys != NULL && keys->body != NULL)
    json = valise_document_scan (keys, NULL);
  /* None, or none that counts: the first document by such a key makes us ask for them. */
  if (json != NULL && !valise_trust_load_keys (trust, json, &failure))
    g_debug ("%s", failure->message);
}

ValiseTrust *
valise_account_make_trust (ValiseAccount *account, GError **error)
{
  ValiseTrust *trust = valise_trust_new (valise_account_get_programme (account),
                                         valise_account_get_root (account), error);

  if (trust != NULL)
    valise_account_load_keys (account, trust);
  return trust;
}

/* What came from there is not to be sent there: the log need not have gone past it. */
static gint64
pass_received (ValiseDatabase *database, const char *there, gint64 seq)
{
  g_autoptr (ValiseOrigin) origin = valise_origin_new (database, there, NULL);
  g_autoptr (GArray)       spans = valise_origin_dup_spans (origin);

  return valise_spans_pass (spans, seq);
}

/* Where the last run outwards came to, as its log here says. */
gint64
valise_membership_get_sent (const ValiseMembership *membership,
                            ValiseDatabase         *database,
                            const char             *version,
                            char                  **epoch)
{
  g_autoptr (ValisePeer) peer = valise_store_peer_new (database);
  g_autofree char       *there =
      g_strconcat (membership->server, "/", valise_database_get_name (database), NULL);
  g_autofree char *id =
      valise_checkpoint_make_id (valise_peer_get_name (peer), there, membership->device, version);
  g_autofree char       *log = valise_database_get_local (database, id, NULL, NULL);
  g_autofree char       *seq = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (log != NULL)
    json = valise_json_scan_text (log, -1, VALISE_JSON_ANY, NULL);
  if (json != NULL && epoch != NULL)
    *epoch = valise_json_dup_member (json, 0, "source_epoch");
  if (json != NULL)
    seq = valise_json_dup_member (json, 0, "source_last_seq");
  return pass_received (database, there, seq != NULL ? g_ascii_strtoll (seq, NULL, 10) : 0);
}
