/* valise-bundle-read.c - a bundle that came
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-bundle-read"

#include "config.h"

#include "valise-bundle-intake.h"
#include "valise-bundle-wall.h"
#include "valise-bundle.h"
#include "valise-file-proof.h"
#include "valise-home.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

#define MAX_REASONS 100

void
valise_bundle_arrival_free (ValiseBundleArrival *arrival)
{
  g_free (arrival->person);
  g_clear_pointer (&arrival->reasons, g_ptr_array_unref);
  g_free (arrival);
}

void
valise_bundle_arrival_note (ValiseBundleArrival *arrival, guint64 refused, char *reason)
{
  arrival->refused += refused;
  if (arrival->reasons->len < MAX_REASONS)
    g_ptr_array_add (arrival->reasons, reason);
  else
    g_free (reason);
}

static void
refused_cb (ValiseReplicator    *replicator,
            const char          *id,
            const char          *rev,
            const char          *reason,
            ValiseBundleArrival *arrival)
{
  /* A gate's reasons name the document already. */
  valise_bundle_arrival_note (
      arrival, 1,
      g_str_has_prefix (reason, id) ? g_strdup (reason) : g_strdup_printf ("%s: %s", id, reason));
}

static gboolean
is_sealed (const char *database)
{
  return g_str_equal (database, "public") || g_str_equal (database, "states");
}

gboolean
valise_bundle_holder_is_secretariat (const ValiseBundleHolder *holder)
{
  return g_strcmp0 (holder->participant, VALISE_PARTICIPANT_SECRETARIAT) == 0;
}

/* What stays outside: another's desk or team; and what the secretariat itself issues. */
static gboolean
admits (const ValiseBundleHolder *holder, const char *database)
{
  if (valise_bundle_holder_is_secretariat (holder) && is_sealed (database))
    return FALSE;
  return valise_bundle_wall_admits (holder->participant, database);
}

static gboolean
take_section (const ValiseBundleHolder *holder,
              ValiseBundleReader       *reader,
              guint                     section,
              const char               *name,
              ValiseBundleArrival      *arrival,
              GCancellable             *cancellable,
              GError                  **error)
{
  g_autoptr (ValiseDatabase) database = valise_home_get_database (
      holder->home, name, !valise_bundle_holder_is_secretariat (holder), error);
  g_autoptr (ValisePeer)       here = NULL, there = NULL;
  g_autoptr (ValiseReplicator) replicator = NULL;
  g_autoptr (ValiseGate)       proof = NULL;
  ValiseProgress               progress = { 0 };
  gboolean                     ok = FALSE;

  if (database == NULL)
    return FALSE;
  if (valise_bundle_holder_is_secretariat (holder))
    {
      ValiseFileStore *files = valise_home_get_files (holder->home, error);

      if (files == NULL)
        return FALSE;
      proof = valise_file_proof_new (files);
    }
  here = valise_store_peer_new (database);
  there = valise_bundle_peer_new_reading (reader, section);
  replicator = valise_replicator_new (there, here, holder->device);
  for (guint i = 0; i < holder->gates->len; i++)
    valise_replicator_add_gate (replicator, g_ptr_array_index (holder->gates, i), name,
                                VALISE_SOURCE_PEER);
  if (valise_bundle_wall_has_rules (name))
    valise_replicator_add_gate (replicator, holder->rules, name, VALISE_SOURCE_PEER);
  if (proof != NULL)
    valise_replicator_add_gate (replicator, proof, name, VALISE_SOURCE_PEER);
  g_signal_connect (replicator, "refused", G_CALLBACK (refused_cb), arrival);
  valise_replicator_retry_refused (replicator);
  ok = valise_replicator_run (replicator, FALSE, cancellable, error);
  valise_replicator_get_progress (replicator, &progress);
  /* The keys are asked for once more where something is by a key that nobody knows. */
  arrival->stored +=
      MIN (progress.stored, valise_bundle_reader_count (reader, section) - progress.refused);
  return ok;
}

/* What stays outside altogether, and why; NULL: it may come in. */
char *
valise_bundle_holder_dup_obstacle (const ValiseBundleHolder *holder, const char *database)
{
  if (!admits (holder, database))
    return g_strdup_printf ("%s: not a database of %s", database, holder->participant);
  if (holder->rules == NULL && valise_bundle_wall_has_rules (database))
    return g_strdup_printf ("%s: %s", database, VALISE_BUNDLE_WALL_NO_RULES);
  return NULL;
}

static gboolean
take_all (const ValiseBundleHolder *holder,
          ValiseBundleReader       *reader,
          ValiseBundleArrival      *arrival,
          GCancellable             *cancellable,
          GError                  **error)
{
  const ValiseBundleHeader *header = valise_bundle_reader_get_header (reader);

  for (guint i = 0; i < header->sections->len; i++)
    {
      const ValiseBundleSection *section = g_ptr_array_index (header->sections, i);
      guint64                    count = valise_bundle_reader_count (reader, i);
      g_autofree char           *obstacle = NULL;

      arrival->documents += count;
      if (count == 0)
        continue;
      obstacle = valise_bundle_holder_dup_obstacle (holder, section->name);
      if (obstacle != NULL)
        valise_bundle_arrival_note (arrival, count, g_steal_pointer (&obstacle));
      else if (!take_section (holder, reader, i, section->name, arrival, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* On a server the bytes come first: a document may name a file there only once they were shown. */
static gboolean
take_everything (const ValiseBundleHolder *holder,
                 ValiseBundleReader       *reader,
                 ValiseBundleArrival      *arrival,
                 GCancellable             *cancellable,
                 GError                  **error)
{
  gboolean first = valise_bundle_holder_is_secretariat (holder);

  return (!first || valise_bundle_take_originals (holder, reader, arrival, cancellable, error))
         && take_all (holder, reader, arrival, cancellable, error)
         && (first || valise_bundle_take_originals (holder, reader, arrival, cancellable, error));
}

ValiseBundleArrival *
valise_bundle_read (const ValiseBundleHolder *holder,
                    const char               *path,
                    const ValiseBundleSecret *secret,
                    GCancellable             *cancellable,
                    GError                  **error)
{
  g_autoptr (ValiseBundleReader)  reader = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  const ValiseBundleHeader       *header = NULL;

  g_return_val_if_fail (holder != NULL && holder->gates != NULL, NULL);
  g_return_val_if_fail (path != NULL && secret != NULL, NULL);

  reader = valise_bundle_reader_open (path, secret, cancellable, error);
  if (reader == NULL)
    return NULL;
  header = valise_bundle_reader_get_header (reader);
  if (!g_str_equal (header->programme, holder->programme))
    {
      g_set_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_PROGRAMME,
                   "The bundle is for the programme %s; this is %s", header->programme,
                   holder->programme);
      return NULL;
    }
  arrival = g_new0 (ValiseBundleArrival, 1);
  arrival->person = g_strdup (header->person);
  arrival->made_us = header->made_us;
  arrival->reasons = g_ptr_array_new_with_free_func (g_free);
  if (!take_everything (holder, reader, arrival, cancellable, error))
    return NULL;
  return g_steal_pointer (&arrival);
}
