/* valise-bundle-write.c - a bundle made for somebody
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-bundle-write"

#include "config.h"

#include "valise-bundle-account.h"
#include "valise-bundle-peer.h"
#include "valise-bundle-request.h"
#include "valise-bundle-wall.h"
#include "valise-bundle.h"
#include "valise-clock.h"
#include "valise-home.h"
#include "valise-id.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

/* One bundle while it is made. */
typedef struct
{
  const ValiseBundleHolder *holder;
  const ValiseBundleOrder  *order;
  GPtrArray                *databases; /* (element-type ValiseDatabase), as the sections */
  ValiseBundleHeader       *header;
  ValiseBundleWriter       *writer;
  ValiseBundleChoice       *choice;
  guint                     away; /* files that were named and are not here */
  GCancellable             *cancellable;
} Making;

void
valise_bundle_receipt_free (ValiseBundleReceipt *receipt)
{
  g_clear_pointer (&receipt->files, g_ptr_array_unref);
  g_clear_pointer (&receipt->left_out, g_ptr_array_unref);
  g_free (receipt);
}

gboolean
valise_bundle_recipient_is_known (const char *recipient)
{
  return g_str_equal (recipient, VALISE_BUNDLE_FOR_ANYONE)
         || g_str_equal (recipient, VALISE_BUNDLE_FOR_SECRETARIAT)
         || g_str_equal (recipient, VALISE_BUNDLE_FOR_COLLEAGUES);
}

/* What @recipient usually gets. What few may read (`bureau`, `languages`) goes when it is named. */
static gboolean
is_usual (const ValiseBundleHolder *holder, const char *recipient, const char *database)
{
  gboolean sealed = g_str_equal (database, "public") || g_str_equal (database, "states");
  gboolean own = g_str_has_prefix (database, "desk-") || g_str_has_prefix (database, "team-");

  if (!valise_bundle_wall_check (holder->participant, recipient, database, NULL))
    return FALSE;
  if (g_str_equal (recipient, VALISE_BUNDLE_FOR_SECRETARIAT))
    return own; /* what it issued, it has */
  if (g_str_equal (recipient, VALISE_BUNDLE_FOR_ANYONE))
    return !valise_bundle_wall_is_secret (database);
  return sealed || own;
}

char **
valise_bundle_holder_choose_databases (const ValiseBundleHolder *holder, const char *recipient)
{
  g_auto (GStrv)           here = valise_home_list_databases (holder->home);
  g_autoptr (GStrvBuilder) chosen = g_strv_builder_new ();

  for (guint i = 0; here[i] != NULL; i++)
    if (is_usual (holder, recipient, here[i]))
      g_strv_builder_add (chosen, here[i]);
  return g_strv_builder_end (chosen);
}

static gboolean
is_encrypted (const ValiseBundleOrder *order)
{
  return order->secret.passphrase != NULL || order->secret.team_key != NULL;
}

static gboolean
add_database (Making *making, const char *name, gint64 since, GError **error)
{
  g_autoptr (ValiseDatabase) database = NULL;
  ValiseDatabaseInfo         info = { 0 };

  if (!valise_bundle_wall_check (making->holder->participant, making->order->recipient, name,
                                 error))
    return FALSE;
  if (valise_bundle_wall_is_secret (name) && !is_encrypted (making->order))
    {
      g_set_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_SECRET,
                   "%s leaves this laptop only encrypted: give a passphrase", name);
      return FALSE;
    }
  database = valise_home_get_database (making->holder->home, name, FALSE, error);
  if (database == NULL || !valise_database_get_info (database, &info, error))
    return FALSE;

  since = CLAMP (since, 0, info.update_seq);
  valise_bundle_header_add (making->header, name, info.uuid, since, info.update_seq);
  g_ptr_array_add (making->databases, g_steal_pointer (&database));
  return TRUE;
}

static gboolean
add_databases (Making *making, GError **error)
{
  const ValiseBundleOrder *order = making->order;
  g_auto (GStrv)           chosen = NULL;
  const char *const       *names = order->databases;

  if (order->request != NULL
      && !valise_bundle_request_check (order->request, making->holder->programme, error))
    return FALSE;
  if (names == NULL)
    {
      chosen = valise_bundle_holder_choose_databases (making->holder, order->recipient);
      names = (const char *const *) chosen;
    }
  for (guint i = 0; names[i] != NULL && i < VALISE_BUNDLE_MAX_DATABASES; i++)
    if (!add_database (making, names[i], order->since != NULL ? order->since[i] : 0, error))
      return FALSE;
  if (making->databases->len > 0)
    return TRUE;
  g_set_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_EMPTY,
               "There is nothing here that goes to %s", order->recipient);
  return FALSE;
}

static gboolean
open_writer (Making *making, GError **error)
{
  const ValiseBundleHolder *holder = making->holder;
  int public = valise_bundle_header_find (making->header, "public");
  g_autoptr (ValiseDocument) keys = NULL;

  making->header->programme = g_strdup (holder->programme);
  making->header->maker = g_strdup (holder->device);
  making->header->person = g_strdup (holder->person);
  making->header->recipient = g_strdup (making->order->recipient);
  making->header->made_us = valise_clock_now ();
  making->writer = valise_bundle_writer_new (
      making->order->path, making->header, &making->order->secret, making->order->max_size, error);
  if (making->writer == NULL)
    return FALSE;
  if (public >= 0)
    keys = valise_database_get (g_ptr_array_index (making->databases, (guint) public),
                                VALISE_BUNDLE_KEYS_ID, NULL, NULL);
  return keys == NULL || keys->body == NULL
         || valise_bundle_writer_set_first (making->writer, (guint) public, keys, error);
}

static gboolean
fill_section (Making *making, guint section, GError **error)
{
  const ValiseBundleSection *part = g_ptr_array_index (making->header->sections, section);
  g_autoptr (ValisePeer)     here =
      valise_store_peer_new_reading (g_ptr_array_index (making->databases, section), part->since);
  g_autoptr (ValisePeer) there =
      valise_bundle_peer_new_writing (making->writer, section, part->name, making->choice);
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (here, there, making->holder->device);

  return valise_replicator_run (replicator, FALSE, making->cancellable, error);
}

/* --- files -------------------------------------------------------------------------------- */

static gboolean
go_on (gint64 sent, gpointer user_data, GError **error)
{
  const Making *making = user_data;

  return !g_cancellable_set_error_if_cancelled (making->cancellable, error);
}

/* With its own document, where that is here; else a paper's word is all that is known of it. */
static gboolean
add_original (Making                     *making,
              const ValiseBundleOriginal *original,
              ValiseFileStore            *files,
              GError                    **error)
{
  const ValiseBundleSection *part = g_ptr_array_index (making->header->sections, original->section);
  g_autofree char           *id = valise_id_for_file (original->sha256);
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (ValisePeer)     there = NULL;

  if (!g_str_equal (original->named_by, id))
    document = valise_database_get (g_ptr_array_index (making->databases, original->section), id,
                                    NULL, NULL);
  if (document == NULL || document->body == NULL)
    return valise_bundle_writer_add_original (making->writer, original, files, go_on, making,
                                              error);
  there = valise_bundle_peer_new_writing (making->writer, original->section, part->name, NULL);
  return valise_peer_send_file (there, document, files, go_on, making, making->cancellable, error);
}

/* The smallest first: where a stick is full, most are on it. */
static int
compare_lengths (gconstpointer a, gconstpointer b)
{
  const ValiseBundleOriginal *left = *(const ValiseBundleOriginal *const *) a;
  const ValiseBundleOriginal *right = *(const ValiseBundleOriginal *const *) b;

  return left->length < right->length ? -1 : left->length > right->length;
}

static gboolean
add_originals (Making *making, GError **error)
{
  GPtrArray       *originals = valise_bundle_choice_get_originals (making->choice);
  ValiseFileStore *files = NULL;

  if (originals->len == 0)
    return TRUE;
  files = valise_home_get_files (making->holder->home, error);
  if (files == NULL)
    return FALSE;
  g_ptr_array_sort (originals, compare_lengths);
  for (guint i = 0; i < originals->len; i++)
    {
      const ValiseBundleOriginal *original = g_ptr_array_index (originals, i);
      gboolean                    complete = FALSE;
      gint64                      length = 0;

      if (making->order->request != NULL
          && valise_bundle_request_has_original (making->order->request, original->sha256))
        continue;
      valise_file_store_get_present (files, original->sha256, &length, &complete);
      if (!complete || length != original->length)
        making->away++;
      else if (!add_original (making, original, files, error))
        return FALSE;
    }
  return TRUE;
}

/* --- the whole ---------------------------------------------------------------------------- */

static ValiseBundleReceipt *
make_receipt (Making *making)
{
  ValiseBundleReceipt *receipt = g_new0 (ValiseBundleReceipt, 1);

  receipt->files = g_ptr_array_ref (valise_bundle_writer_get_files (making->writer));
  receipt->left_out = g_ptr_array_ref (valise_bundle_writer_get_left_out (making->writer));
  receipt->documents = valise_bundle_writer_get_documents (making->writer);
  receipt->bytes = valise_bundle_writer_get_bytes (making->writer);
  receipt->originals =
      valise_bundle_writer_count_originals (making->writer, &receipt->original_bytes);
  receipt->originals_away = making->away;
  return receipt;
}

static gboolean
make (Making *making, GError **error)
{
  if (!add_databases (making, error) || !open_writer (making, error))
    return FALSE;
  for (guint i = 0; i < making->databases->len; i++)
    if (!fill_section (making, i, error))
      return FALSE;
  return add_originals (making, error)
         && !g_cancellable_set_error_if_cancelled (making->cancellable, error)
         && valise_bundle_writer_finish (making->writer, error);
}

ValiseBundleReceipt *
valise_bundle_write (const ValiseBundleHolder *holder,
                     const ValiseBundleOrder  *order,
                     GCancellable             *cancellable,
                     GError                  **error)
{
  Making               making = { .holder = holder, .order = order, .cancellable = cancellable };
  ValiseBundleReceipt *receipt = NULL;

  g_return_val_if_fail (holder != NULL && order != NULL, NULL);
  g_return_val_if_fail (order->path != NULL && order->recipient != NULL, NULL);

  making.databases = g_ptr_array_new_with_free_func (g_object_unref);
  making.header = valise_bundle_header_new ();
  making.choice = valise_bundle_choice_new (order);
  if (make (&making, error))
    receipt = make_receipt (&making);
  g_clear_pointer (&making.writer, valise_bundle_writer_free);
  valise_bundle_choice_free (making.choice);
  valise_bundle_header_free (making.header);
  g_ptr_array_unref (making.databases);
  return receipt;
}
