/* account-fixture.h - a server with TLS, an invitation to it, and who joins by it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "fault-server.h"
#include "folder.h"
#include "valise-account.h"
#include "valise-key.h"

#define DAY_S (24 * 3600)

/* A server with TLS, and an invitation to it; the account's folder is in `data`. */
typedef struct
{
  char             *root;
  char             *data;
  ValiseDatabase   *there;
  FaultServer      *server;
  ValiseInvitation *invitation;
} Fixture;

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  gint64                now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char      *path = NULL, *text = NULL;
  g_autoptr (ValiseKey) root = valise_key_generate (NULL);
  g_autoptr (GBytes)    bytes = NULL;
  g_autoptr (GError)    error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->data = g_build_filename (fixture->root, "data", NULL);
  path = g_build_filename (fixture->root, "there.sqlite", NULL);
  fixture->there = valise_database_open (path, "public", TRUE, &error);
  g_assert_no_error (error);
  fixture->server = fault_server_new (fixture->there, now - DAY_S, now + DAY_S);
  fixture->server->login_needed = TRUE;
  text = g_strdup_printf (
      "{\"valise-invitation\":1,\"programme\":{\"id\":\"poa-test\",\"name\":"
      "{\"fr\":\"Programme\"}},\"server\":\"%s\",\"pins\":[\"%s\"],\"root\":\"%s\","
      "\"token\":\"t0ken\",\"person\":\"Ada\",\"participant\":\"xke\",\"role\":"
      "\"delegate\",\"expires\":\"2026-11-22T10:01:34Z\",\"languages\":[\"fr\"]}",
      fixture->server->url, fixture->server->pin, valise_key_get_public (root));
  bytes = g_bytes_new (text, strlen (text));
  fixture->invitation = valise_invitation_parse (bytes, &error);
  g_assert_no_error (error);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  fault_server_free (fixture->server);
  g_assert_finalize_object (fixture->there);
  valise_invitation_free (fixture->invitation);
  remove_folder (fixture->root);
  g_free (fixture->data);
  g_free (fixture->root);
}

static inline ValiseAccount *
join (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ValiseAccount     *account =
      valise_account_join (fixture->data, fixture->invitation, NULL, NULL, &error);

  g_assert_no_error (error);
  return account;
}

static inline void
close_account (ValiseAccount *account)
{
  valise_account_close (account);
  g_assert_finalize_object (account);
}
