/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "counting-peer.h"
#include "folder.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

#define HISTORIES 15 /* in the short form; VALISE_HISTORIES asks for more */
#define STEPS     25
#define IDS       6

/* A laptop and a server, which are joined as a round joins them: outwards, then inwards. */
typedef struct
{
  char           *root;
  ValiseDatabase *here;
  ValiseDatabase *there;
  CountingPeer   *far;
} Fixture;

static char *
dup_path (Fixture *fixture, const char *file)
{
  return g_build_filename (fixture->root, file, NULL);
}

static ValiseDatabase *
open_database (Fixture *fixture, const char *file, const char *name)
{
  g_autofree char   *path = dup_path (fixture, file);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, name, TRUE, &error);

  g_assert_no_error (error);
  return database;
}

static void
open_there (Fixture *fixture)
{
  fixture->there = open_database (fixture, "there.sqlite", "there");
  fixture->far = counting_peer_new (valise_store_peer_new (fixture->there));
  fixture->far->far = TRUE;
}

static void
close_there (Fixture *fixture)
{
  g_assert_finalize_object (fixture->far);
  valise_database_close (fixture->there);
  g_assert_finalize_object (fixture->there);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->here = open_database (fixture, "here.sqlite", "here");
  open_there (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_there (fixture);
  g_assert_finalize_object (fixture->here);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

static void
copy_file (Fixture *fixture, const char *from, const char *to)
{
  g_autofree char   *source = dup_path (fixture, from), *target = dup_path (fixture, to);
  g_autofree char   *data = NULL;
  gsize              length = 0;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (source, &data, &length, &error));
  g_assert_true (g_file_set_contents (target, data, (gssize) length, &error));
}

/* As a CouchDB whose files are copied: it keeps its uuid and its start time. */
static void
back_up_server (Fixture *fixture)
{
  close_there (fixture);
  copy_file (fixture, "there.sqlite", "backup.sqlite");
  open_there (fixture);
}

static void
restore_server (Fixture *fixture)
{
  close_there (fixture);
  copy_file (fixture, "backup.sqlite", "there.sqlite");
  open_there (fixture);
}

static char *
put (ValiseDatabase *database, const char *id, const char *parent, gint n)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = n < 0 ? g_strdup ("{}") : g_strdup_printf ("{\"n\":%d}", n);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  char              *rev = valise_database_put (database, id, parent, n < 0, body, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

static void
put_many (ValiseDatabase *database, const char *prefix, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s:%03u", prefix, i);
      g_autofree char *rev = put (database, id, NULL, (gint) i);
    }
}

/* One way; a new replicator each time, as a program that was started again has. @most: documents
 * after which the line is cut, 0: none. */
static gboolean
run (Fixture *fixture, gboolean outwards, guint most)
{
  g_autoptr (ValisePeer)       here = valise_store_peer_new (fixture->here);
  ValisePeer                  *far = VALISE_PEER (fixture->far);
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (outwards ? here : far, outwards ? far : here, "device");
  g_autoptr (GError) error = NULL;

  fixture->far->cancel_after = most > 0 ? fixture->far->fetched + most : 0;
  valise_replicator_run (replicator, FALSE, NULL, &error);
  if (most == 0)
    g_assert_no_error (error);
  return error == NULL;
}

static void
exchange (Fixture *fixture)
{
  run (fixture, TRUE, 0);
  run (fixture, FALSE, 0);
}

static void
forget_counts (Fixture *fixture)
{
  fixture->far->offered = fixture->far->puts = fixture->far->writes = 0;
}

static char *
dup_leaves (ValiseDatabase *database, const char *id)
{
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (database, id, NULL);
  GString              *out = g_string_new (NULL);

  for (guint i = 0; leaves != NULL && i < leaves->len; i++)
    g_string_append_printf (out, "%s ",
                            ((ValiseRevisionLeaf *) g_ptr_array_index (leaves, i))->rev);
  return g_string_free (out, FALSE);
}

static void
assert_same (Fixture *fixture, const char *id)
{
  g_autofree char *here = dup_leaves (fixture->here, id);
  g_autofree char *there = dup_leaves (fixture->there, id);

  g_assert_cmpstr (here, ==, there);
}

/* --- sentences ------------------------------------------------------------------------------- */

static void
nothing_pulled_is_offered_back (Fixture *fixture, gconstpointer data)
{
  put_many (fixture->there, "note", 700);
  run (fixture, FALSE, 0);
  forget_counts (fixture);
  run (fixture, TRUE, 0);
  g_assert_cmpuint (fixture->far->offered, ==, 0);
  g_assert_cmpuint (fixture->far->writes, ==, 0);
  g_assert_cmpuint (fixture->far->puts, ==, 0);

  put_many (fixture->there, "more", 5);
  exchange (fixture);
  exchange (fixture);
  g_assert_cmpuint (fixture->far->offered, ==, 0);
}

static void
what_is_made_or_edited_here_is_offered (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = put (fixture->there, "note:a", NULL, 1);
  g_autofree char *edited = NULL, *made = NULL;

  put_many (fixture->there, "note", 300);
  run (fixture, FALSE, 0);
  forget_counts (fixture);
  edited = put (fixture->here, "note:a", theirs, 2);
  made = put (fixture->here, "note:b", NULL, 3);
  run (fixture, TRUE, 0);
  g_assert_cmpuint (fixture->far->offered, ==, 2);
  g_assert_cmpuint (fixture->far->writes, ==, 2);
  assert_same (fixture, "note:a");
  assert_same (fixture, "note:b");
}

static void
a_leaf_of_ours_beside_theirs_is_offered (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = put (fixture->there, "note:a", NULL, 1);
  g_autofree char *ours = NULL, *theirs = NULL;

  run (fixture, FALSE, 0);
  ours = put (fixture->here, "note:a", first, 2);
  theirs = put (fixture->there, "note:a", first, 3);
  run (fixture, FALSE, 0); /* before ours could leave, theirs takes its sequence */
  run (fixture, TRUE, 0);
  assert_same (fixture, "note:a");
}

static void
what_came_from_another_is_offered (Fixture *fixture, gconstpointer data)
{
  ValiseDatabase              *colleague = open_database (fixture, "third.sqlite", "third");
  CountingPeer                *third = counting_peer_new (valise_store_peer_new (colleague));
  g_autoptr (ValisePeer)       here = valise_store_peer_new (fixture->here);
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (VALISE_PEER (third), here, "device");
  g_autoptr (GError) error = NULL;

  third->far = TRUE;
  put_many (colleague, "note", 3);
  put_many (fixture->there, "paper", 3);
  run (fixture, FALSE, 0);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  forget_counts (fixture);
  run (fixture, TRUE, 0);
  g_assert_cmpuint (fixture->far->offered, ==, 3);
  assert_same (fixture, "note:002");

  g_clear_object (&replicator);
  g_object_unref (third);
  g_object_unref (colleague);
}

/* What only the laptop has left of it goes back, whichever run finds out. */
static void
a_server_that_lost_it_is_given_it_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rev = NULL;

  put_many (fixture->there, "old", 3);
  exchange (fixture);
  back_up_server (fixture);
  put_many (fixture->there, "new", 3);
  exchange (fixture);
  restore_server (fixture);

  rev = put (fixture->here, "note:a", NULL, 1);
  exchange (fixture); /* outwards first: this one may still leave them out */
  exchange (fixture);
  assert_same (fixture, "new:002");
  assert_same (fixture, "note:a");
}

static void
a_pull_that_was_cut_costs_no_more_than_what_it_brought (Fixture *fixture, gconstpointer data)
{
  put_many (fixture->there, "note", 100);
  exchange (fixture);
  put_many (fixture->there, "more", 20);
  g_assert_false (run (fixture, FALSE, 10));
  run (fixture, FALSE, 0);
  forget_counts (fixture);
  exchange (fixture);
  g_assert_cmpuint (fixture->far->offered, <=, 20);
}

static void
a_renewed_laptop_remembers_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_many (fixture->there, "note", 10);
  run (fixture, FALSE, 0);
  valise_database_renew_epoch (fixture->here, &error);
  g_assert_no_error (error);
  forget_counts (fixture);
  run (fixture, TRUE, 0);
  g_assert_cmpuint (fixture->far->offered, ==, 10);
}

/* --- histories ------------------------------------------------------------------------------- */

static void
edit_at_random (GRand *dice, ValiseDatabase *database, gint n)
{
  g_autofree char      *id = g_strdup_printf ("doc:%d", g_rand_int_range (dice, 0, IDS));
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (database, id, NULL);
  g_autofree char      *rev = NULL;
  ValiseRevisionLeaf   *leaf = NULL;

  if (leaves != NULL)
    leaf = g_ptr_array_index (leaves, (guint) g_rand_int_range (dice, 0, (gint) leaves->len));
  if (leaf == NULL || leaf->deleted)
    rev = put (database, id, leaf != NULL ? leaf->rev : NULL, n);
  else
    rev = put (database, id, leaf->rev, g_rand_int_range (dice, 0, 6) == 0 ? -1 : n);
}

static void
step (Fixture *fixture, GRand *dice, gint n, gboolean *backed_up)
{
  switch (g_rand_int_range (dice, 0, 14))
    {
    case 0:
    case 1:
    case 2:
      edit_at_random (dice, fixture->here, n);
      break;
    case 3:
    case 4:
    case 5:
      edit_at_random (dice, fixture->there, n + 1000);
      break;
    case 6:
    case 7:
      run (fixture, TRUE, 0);
      break;
    case 8:
    case 9:
      run (fixture, FALSE, 0);
      break;
    case 10:
      run (fixture, FALSE, 1 + (guint) g_rand_int_range (dice, 0, 3));
      break;
    case 11:
      back_up_server (fixture);
      *backed_up = TRUE;
      break;
    case 12:
      if (*backed_up && g_rand_int_range (dice, 0, 2) == 0)
        restore_server (fixture);
      break;
    default:
      exchange (fixture);
    }
}

static void
live_through (guint32 seed)
{
  Fixture           fixture = { 0 };
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  gboolean          backed_up = FALSE;

  setup (&fixture, NULL);
  for (gint i = 0; i < STEPS; i++)
    step (&fixture, dice, i, &backed_up);
  for (guint i = 0; i < 3; i++)
    exchange (&fixture);
  for (guint i = 0; i < IDS; i++)
    {
      g_autofree char *id = g_strdup_printf ("doc:%u", i);

      assert_same (&fixture, id);
    }

  /* And in peace nothing is said twice. */
  forget_counts (&fixture);
  exchange (&fixture);
  g_assert_cmpuint (fixture.far->offered, ==, 0);
  teardown (&fixture, NULL);
}

/* Of all that may happen, a server set back among it, nothing keeps the two from agreeing. */
static void
any_history_ends_in_agreement (void)
{
  const char *wish = g_getenv ("VALISE_HISTORIES");
  guint       count = wish != NULL ? (guint) g_ascii_strtoull (wish, NULL, 10) : HISTORIES;

  for (guint i = 0; i < count; i++)
    live_through (i + 1);
}

#define ADD(test) g_test_add ("/origin/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (nothing_pulled_is_offered_back);
  ADD (what_is_made_or_edited_here_is_offered);
  ADD (a_leaf_of_ours_beside_theirs_is_offered);
  ADD (what_came_from_another_is_offered);
  ADD (a_server_that_lost_it_is_given_it_again);
  ADD (a_pull_that_was_cut_costs_no_more_than_what_it_brought);
  ADD (a_renewed_laptop_remembers_nothing);
  g_test_add_func ("/origin/any_history_ends_in_agreement", any_history_ends_in_agreement);

  return g_test_run ();
}
