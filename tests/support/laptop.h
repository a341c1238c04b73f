/* laptop.h - a laptop that joined, and its databases as the replicator sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "counting-peer.h"
#include "describe.h"
#include "office-fixture.h"
#include "valise-membership.h"
#include "valise-policy.h"
#include "valise-replicator.h"
#include "valise-scheduler.h"
#include "valise-store-peer.h"
#include "valise-trust.h"

typedef struct
{
  char               *folder; /* where its accounts are */
  ValiseAccount      *account;
  ValiseMembership   *membership;
  char               *password;
  ValiseServerAddress address; /* lent from the two */
  ValiseTrust        *trust;
  CountingPeer       *source;  /* of the last pull; counts go on over all of them */
  GPtrArray          *refused; /* "ID: REASON" */
  ValiseProgress      progress;
  guint64             received; /* bytes, by all pulls */
  gboolean            plain;    /* pulls as from a server that is not ours */
} Laptop;

/* Joins as the invitation says. @languages: (nullable): all. */
static inline void
laptop_join (Laptop            *self,
             Office            *office,
             ValiseInvitation  *invitation,
             const char *const *languages)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_strdup_printf ("%s/laptop-%s", office->root, invitation->token);
  self->account = valise_account_join (self->folder, invitation, languages, NULL, &error);
  g_assert_no_error (error);
  self->membership = valise_account_dup_membership (self->account);
  self->password = valise_account_dup_password (self->account, &error);
  g_assert_no_error (error);
  self->address = (ValiseServerAddress){ .url = self->membership->server,
                                         .user = self->membership->user,
                                         .password = self->password,
                                         .pin = self->membership->pin,
                                         .backup_pin = self->membership->backup_pin,
                                         .timeout_s = 10 };
  self->trust = valise_trust_new (self->membership->programme, self->membership->root, &error);
  g_assert_no_error (error);
  self->refused = g_ptr_array_new_with_free_func (g_free);
}

static inline void
laptop_open (Laptop *self, Office *office, const char *const *languages)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (office, "Amina Diallo", "xke", "delegate");

  laptop_join (self, office, invitation, languages);
}

static inline void
laptop_close (Laptop *self)
{
  g_clear_object (&self->source);
  g_assert_finalize_object (self->trust);
  valise_account_close (self->account);
  g_assert_finalize_object (self->account);
  valise_membership_free (self->membership);
  g_ptr_array_unref (self->refused);
  g_free (self->password);
  g_free (self->folder);
  memset (self, 0, sizeof *self);
}

static inline ValiseDatabase *
laptop_get_database (Laptop *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database =
      valise_home_get_database (valise_account_get_home (self->account), name, TRUE, &error);

  g_assert_no_error (error);
  return database;
}

/* The server's database, as by a program that has just been started: nobody is signed in. */
static inline ValisePeer *
laptop_reach (Laptop *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  ValisePeer        *peer = valise_http_peer_new (&self->address, name, &error);

  g_assert_no_error (error);
  return peer;
}

static inline ValisePeer *
laptop_get_store (Laptop *self, const char *name)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (self, name);

  return valise_store_peer_new (database);
}

static inline void
laptop_refused_cb (ValiseReplicator *replicator,
                   const char       *id,
                   const char       *rev,
                   const char       *reason,
                   Laptop           *self)
{
  g_ptr_array_add (self->refused, g_strdup_printf ("%s: %s", id, reason));
}

/* Who brings @name here, with the gate that laptops have. What the server gives is counted
 * over all of them: "given" is what came whole, "twice" what came so again. */
static inline ValiseReplicator *
laptop_make_puller (Laptop *self, const char *name)
{
  g_autoptr (ValisePeer) there = laptop_reach (self, name);
  g_autoptr (ValisePeer) here = laptop_get_store (self, name);
  ValiseReplicator      *replicator = NULL;

  if (self->source == NULL)
    self->source = counting_peer_new (g_object_ref (there));
  else
    g_set_object (&self->source->peer, there);
  self->source->plain = self->plain;
  replicator = valise_replicator_new (VALISE_PEER (self->source), here, self->membership->device);
  valise_replicator_add_gate (replicator, VALISE_GATE (self->trust), name, VALISE_SOURCE_SERVER);
  valise_replicator_set_one_way (replicator, g_str_equal (name, "public"));
  g_signal_connect (replicator, "refused", G_CALLBACK (laptop_refused_cb), self);
  return replicator;
}

static inline gboolean
laptop_pull (Laptop *self, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseReplicator) replicator = laptop_make_puller (self, name);
  gboolean                     ok = valise_replicator_run (replicator, FALSE, cancellable, error);

  valise_replicator_get_progress (replicator, &self->progress);
  self->received += self->progress.received;
  return ok;
}

static inline gboolean
laptop_push (Laptop *self, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValisePeer)       there = laptop_reach (self, name);
  g_autoptr (ValisePeer)       here = laptop_get_store (self, name);
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (here, there, self->membership->device);
  gboolean ok = valise_replicator_run (replicator, FALSE, cancellable, error);

  valise_replicator_get_progress (replicator, &self->progress);
  return ok;
}

static inline void
laptop_pull_all (Laptop *self)
{
  g_autoptr (GError) error = NULL;

  laptop_pull (self, "public", NULL, &error);
  g_assert_no_error (error);
}

/* --- what is where --------------------------------------------------------------------------- */

static inline gint64
laptop_count (Laptop *self, const char *name)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (self, name);

  return count_documents (database);
}

/* The laptop has exactly what the server has: winners, leaves, tombstones, every byte. */
static inline void
assert_same (Laptop *self, Office *office, const char *name)
{
  g_autoptr (ValiseDatabase) here = laptop_get_database (self, name);
  g_autoptr (ValiseDatabase) there = office_get_database (office, name);
  g_autofree char           *ours = describe (here), *theirs = describe (there);

  g_assert_cmpstr (ours, ==, theirs);
}
