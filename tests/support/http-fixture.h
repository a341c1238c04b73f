/* http-fixture.h - a database here, one behind a server that fails as told, and a peer between them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "fault-server.h"
#include "folder.h"
#include "valise-http-peer.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

#define DAY_S  (24 * 3600)
#define YEAR_S (365 * DAY_S)

/* A server, plain unless the test's data is "tls", and a database that pulls from it. */
typedef struct
{
  char           *root;
  ValiseDatabase *there;
  ValiseDatabase *here;
  FaultServer    *server;
  ValisePeer     *peer;
  guint           timeout_s;
  const char     *user, *password;
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
connect_peer (Fixture *fixture, const char *pin)
{
  ValiseServerAddress address = { fixture->server->url, fixture->user, fixture->password, pin, NULL,
                                  fixture->timeout_s };
  g_autoptr (GError)  error = NULL;

  g_clear_object (&fixture->peer);
  fixture->peer = valise_http_peer_new (&address, "public", &error);
  g_assert_no_error (error);
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->there = open_database (fixture, "there.sqlite");
  fixture->here = open_database (fixture, "here.sqlite");
  fixture->server = fault_server_new (fixture->there, now - DAY_S,
                                      g_strcmp0 (data, "tls") == 0 ? now + DAY_S : 0);
  connect_peer (fixture, fixture->server->pin);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->peer);
  fault_server_free (fixture->server);
  g_assert_finalize_object (fixture->there);
  g_assert_finalize_object (fixture->here);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

static inline void
put_many (ValiseDatabase *database, const char *prefix, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s:%03u", prefix, i);
      g_autofree char *text = g_strdup_printf (
          "{\"n\":%u,\"text\":\"États ]}\\\"{[, 网络安全 \\\\\",\"list\":[[1,{\"a\":[]}],\"]\"]}",
          i);
      g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
      g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, NULL);

      g_assert_nonnull (rev);
    }
}

static inline gint64
count (ValiseDatabase *database)
{
  ValiseDatabaseInfo info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  return info.documents;
}

static inline gboolean
pull (Fixture *fixture, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValisePeer)       here = valise_store_peer_new (fixture->here);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (fixture->peer, here, "device");

  return valise_replicator_run (replicator, FALSE, cancellable, error);
}

static inline gboolean
push (Fixture *fixture, GError **error)
{
  g_autoptr (ValisePeer)       here = valise_store_peer_new (fixture->here);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (here, fixture->peer, "device");

  return valise_replicator_run (replicator, FALSE, NULL, error);
}

static inline void
assert_pulls (Fixture *fixture, gint64 expected)
{
  g_autoptr (GError) error = NULL;

  pull (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture->here), ==, expected);
}

static inline void
assert_info_fails (Fixture *fixture, ValisePeerError code)
{
  ValisePeerInfo     info = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (valise_peer_get_info (fixture->peer, &info, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, (int) code);
}
