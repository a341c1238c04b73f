/* registry-fixture.h - a register in a folder of its own, and what it holds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "folder.h"
#include "valise-registry.h"
#include "valise-seal.h"

typedef struct
{
  char           *root;
  ValiseHome     *home;
  ValiseRegistry *registry;
} Fixture;

static inline void
open_home (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  open_home (fixture);
  fixture->registry = valise_registry_create (fixture->home, "poa", "A programme to try", &error);
  g_assert_no_error (error);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->registry);
  valise_home_close (fixture->home);
  g_assert_finalize_object (fixture->home);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

/* The programme closed and opened again, as after a restart. */
static inline void
reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_finalize_object (g_steal_pointer (&fixture->registry));
  valise_home_close (fixture->home);
  g_assert_finalize_object (fixture->home);
  open_home (fixture);
  fixture->registry = valise_registry_open (fixture->home, &error);
  g_assert_no_error (error);
}

static inline ValiseDocument *
get_document (Fixture *fixture, const char *id)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);
  ValiseDocument *document = NULL;

  g_assert_no_error (error);
  document = valise_database_get (database, id, NULL, &error);
  g_assert_no_error (error);

  return document;
}

static inline ValiseJson *
get_json (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDocument) document = get_document (fixture, id);
  g_autoptr (GError)         error = NULL;
  ValiseJson                *json = valise_document_scan (document, &error);

  g_assert_no_error (error);

  return json;
}

static inline gint64
get_sequence (Fixture *fixture)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);
  ValiseDatabaseInfo info = { 0 };

  valise_database_get_info (database, &info, &error);
  g_assert_no_error (error);

  return info.update_seq;
}

static inline void
check_seal (Fixture *fixture, const char *id, const char *public_key)
{
  const ValiseSealScope scope = { valise_registry_get_programme (fixture->registry), "public", id };
  g_autoptr (GError)    error = NULL;
  g_autoptr (ValisePublicKey) key = valise_public_key_new (public_key, &error);
  g_autoptr (ValiseJson)      json = get_json (fixture, id);

  g_assert_no_error (error);
  valise_seal_check (&scope, json, key, &error);
  g_assert_no_error (error);
}

static inline char *
dup_issuing_key (Fixture *fixture)
{
  g_autoptr (ValiseJson) keys = get_json (fixture, "keys");
  guint                  list = valise_json_find (keys, 0, "keys");

  for (guint i = valise_json_first (keys, list); i != VALISE_JSON_NONE;
       i = valise_json_next (keys, i))
    {
      g_autofree char *use = valise_json_dup_member (keys, i, "use");

      if (strcmp (use, "issuing") == 0)
        return valise_json_dup_member (keys, i, "public");
    }
  g_assert_not_reached ();
}
