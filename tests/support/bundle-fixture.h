/* bundle-fixture.h - homes between which bundles are carried, without any server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "counting-peer.h"
#include "describe.h"
#include "folder.h"
#include "valise-bundle-reader.h"
#include "valise-bundle.h"
#include "valise-canonical.h"
#include "valise-home.h"
#include "valise-key.h"
#include "valise-replicator.h"
#include "valise-seal.h"
#include "valise-store-peer.h"
#include "valise-trust.h"

#define PROGRAMME "poa-test"

/* A laptop of xke, with what judges what comes. */
typedef struct
{
  ValiseHome        *home;
  ValiseTrust       *trust;
  GPtrArray         *gates;
  ValiseBundleHolder holder;
} Bag;

typedef struct
{
  char      *root; /* folder */
  char      *file; /* root/for-you.valise-bundle */
  ValiseKey *root_key;
  ValiseKey *issuing;
  Bag        from;
  Bag        to;
} Bags;

static inline void
bag_open (Bags *bags, Bag *bag, const char *name, const char *participant)
{
  g_autofree char   *folder = g_build_filename (bags->root, name, NULL);
  g_autoptr (GError) error = NULL;

  bag->home = valise_home_open (folder, &error);
  g_assert_no_error (error);
  bag->trust = valise_trust_new (PROGRAMME, valise_key_get_public (bags->root_key), &error);
  g_assert_no_error (error);
  bag->gates = g_ptr_array_new ();
  g_ptr_array_add (bag->gates, bag->trust);
  bag->holder = (ValiseBundleHolder){ bag->home,   PROGRAMME,  name, "Amina Diallo",
                                      participant, bag->gates, NULL };
}

static inline void
bag_close (Bag *bag)
{
  valise_home_close (bag->home);
  g_assert_finalize_object (bag->home);
  g_assert_finalize_object (bag->trust);
  g_ptr_array_unref (bag->gates);
}

static inline void
bags_open (Bags *bags)
{
  bags->root = g_dir_make_tmp ("valise-bundle-XXXXXX", NULL);
  bags->file = g_build_filename (bags->root, "for-you.valise-bundle", NULL);
  bags->root_key = valise_key_generate (NULL);
  bags->issuing = valise_key_generate (NULL);
  bag_open (bags, &bags->from, "from", "xke");
  bag_open (bags, &bags->to, "to", "xke");
}

static inline void
bags_close (Bags *bags)
{
  bag_close (&bags->from);
  bag_close (&bags->to);
  valise_key_unref (bags->root_key);
  valise_key_unref (bags->issuing);
  remove_folder (bags->root);
  g_free (bags->root);
  g_free (bags->file);
}

static inline void
bags_setup (Bags *bags, gconstpointer data)
{
  bags_open (bags);
}

static inline void
bags_teardown (Bags *bags, gconstpointer data)
{
  bags_close (bags);
}

static inline ValiseDatabase *
bag_get (Bag *bag, const char *name)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_home_get_database (bag->home, name, TRUE, &error);

  g_assert_no_error (error);
  return database;
}

/* Puts @text, or a tombstone where it is "{}". */
static inline char *
bag_put (Bag *bag, const char *name, const char *id, const char *parent, const char *text)
{
  g_autoptr (ValiseDatabase) database = bag_get (bag, name);
  g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
  g_autoptr (GError)         error = NULL;
  char                      *rev =
      valise_database_put (database, id, parent, g_str_equal (text, "{}"), body, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

static inline char *
bag_put_sealed (Bag *bag, const char *id, const char *text, ValiseKey *key, gint64 issue)
{
  ValiseSealScope        scope = { PROGRAMME, "public", id };
  g_autoptr (ValiseJson) json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  g_autofree char       *sealed = valise_seal_apply (&scope, json, key, issue);

  return bag_put (bag, "public", id, NULL, sealed);
}

static inline void
bags_put_keys (Bags *bags)
{
  g_autofree char *text =
      g_strdup_printf ("{\"type\":\"keys\",\"keys\":[{\"use\":\"issuing\",\"public\":\"%s\"}]}",
                       valise_key_get_public (bags->issuing));
  g_autofree char *rev = bag_put_sealed (&bags->from, "keys", text, bags->root_key, 1);
}

/* Papers under seal, which come before the keys in the feed. */
static inline void
bags_put_papers (Bags *bags, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("paper:A/%u", i);
      g_autofree char *text = g_strdup_printf ("{\"type\":\"paper\",\"n\":%u,\"t\":\"%08x%08x\"}",
                                               i, g_test_rand_int (), g_test_rand_int ());
      g_autofree char *rev = bag_put_sealed (&bags->from, id, text, bags->issuing, 2 + i);
    }
  bags_put_keys (bags);
}

static inline ValiseBundleReceipt *
bags_write_order (Bags *bags, const ValiseBundleOrder *order)
{
  g_autoptr (GError)   error = NULL;
  ValiseBundleReceipt *receipt = valise_bundle_write (&bags->from.holder, order, NULL, &error);

  g_assert_no_error (error);
  return receipt;
}

/* For colleagues, with the @team_key (nullable). */
static inline void
bags_write (Bags *bags, const char *database, const guint8 *team_key)
{
  const char *const               databases[] = { database, NULL };
  ValiseBundleOrder               order = { .path = bags->file,
                                            .recipient = "colleagues",
                                            .databases = databases,
                                            .secret = { NULL, team_key } };
  g_autoptr (ValiseBundleReceipt) receipt = bags_write_order (bags, &order);
}

static inline ValiseBundleArrival *
bag_read (Bag *bag, const char *path, const guint8 *team_key)
{
  ValiseBundleSecret   secret = { NULL, team_key };
  g_autoptr (GError)   error = NULL;
  ValiseBundleArrival *arrival = valise_bundle_read (&bag->holder, path, &secret, NULL, &error);

  g_assert_no_error (error);
  return arrival;
}

static inline char *
bag_describe (Bag *bag, const char *name)
{
  g_autoptr (ValiseDatabase) database = bag_get (bag, name);

  return describe (database);
}

/* By the replicator, as from a server. Returns: how many documents were fetched. */
static inline guint
bags_sync (Bags *bags, Bag *to, const char *name)
{
  g_autoptr (ValiseDatabase)   there = bag_get (&bags->from, name), here = bag_get (to, name);
  g_autoptr (CountingPeer)     source = counting_peer_new (valise_store_peer_new (there));
  g_autoptr (ValisePeer)       target = valise_store_peer_new (here);
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (VALISE_PEER (source), target, to->holder.device);
  g_autoptr (GError) error = NULL;

  valise_replicator_add_gate (replicator, VALISE_GATE (to->trust), name, VALISE_SOURCE_SERVER);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  return source->fetched;
}
