/* replicator-fixture.h - two databases and a replicator between them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "counting-peer.h"
#include "folder.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

typedef struct
{
  char             *root;
  ValiseDatabase   *here;
  ValiseDatabase   *there;
  CountingPeer     *source; /* there */
  ValisePeer       *target; /* here */
  ValiseReplicator *replicator;
  GPtrArray        *refused; /* "id: reason" */
} Fixture;

static inline ValiseDatabase *
open_database (Fixture *fixture, const char *file)
{
  g_autofree char   *path = g_build_filename (fixture->root, file, NULL);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, "public", TRUE, &error);

  g_assert_no_error (error);
  return database;
}

static inline void
refused_cb (ValiseReplicator *replicator,
            const char       *id,
            const char       *rev,
            const char       *reason,
            Fixture          *fixture)
{
  g_ptr_array_add (fixture->refused, g_strdup_printf ("%s: %s", id, reason));
}

static inline void
make_replicator (Fixture *fixture, const char *device)
{
  g_clear_object (&fixture->replicator);
  fixture->replicator =
      valise_replicator_new (VALISE_PEER (fixture->source), fixture->target, device);
  g_signal_connect (fixture->replicator, "refused", G_CALLBACK (refused_cb), fixture);
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->here = open_database (fixture, "here.sqlite");
  fixture->there = open_database (fixture, "there.sqlite");
  fixture->source = counting_peer_new (valise_store_peer_new (fixture->there));
  fixture->target = valise_store_peer_new (fixture->here);
  fixture->refused = g_ptr_array_new_with_free_func (g_free);
  make_replicator (fixture, "device-a");
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->replicator);
  g_assert_finalize_object (fixture->source);
  g_assert_finalize_object (fixture->target);
  g_assert_finalize_object (fixture->here);
  g_assert_finalize_object (fixture->there);
  g_ptr_array_unref (fixture->refused);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

static inline char *
put (ValiseDatabase *database, const char *id, const char *parent, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  char              *rev =
      valise_database_put (database, id, parent, g_str_equal (text, "{}"), body, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

static inline void
put_many (ValiseDatabase *database, const char *prefix, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s:%03u", prefix, i);
      g_autofree char *text = g_strdup_printf ("{\"type\":\"note\",\"n\":%u}", i);
      g_autofree char *rev = put (database, id, NULL, text);
    }
}

static inline void
run (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  valise_replicator_run (fixture->replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
}

static inline gint64
count (ValiseDatabase *database)
{
  ValiseDatabaseInfo info = { 0 };
  g_autoptr (GError) error = NULL;

  valise_database_get_info (database, &info, &error);
  g_assert_no_error (error);
  return info.documents;
}
