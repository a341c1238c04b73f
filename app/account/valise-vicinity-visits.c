/* valise-vicinity-visits.c - who is near is visited, and what goes between is exchanged
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-vicinity"

#include "config.h"

#include "valise-clock.h"
#include "valise-gate.h"
#include "valise-peer-error.h"
#include "valise-vicinity-parts.h"

#define BACKOFF_FIRST_US (5 * G_USEC_PER_SEC)
#define BACKOFF_CAP_US   (600 * G_USEC_PER_SEC)
#define REST_US          (60 * G_USEC_PER_SEC) /* after a visit that went well */
#define SOON_US          (G_USEC_PER_SEC)      /* after a change here, which others may follow */
#define AT_ONCE_US       (200 * 1000)

void
valise_fellow_free (gpointer data)
{
  ValiseFellow *fellow = data;

  if (fellow->visit != NULL)
    g_cancellable_cancel (fellow->visit);
  g_clear_object (&fellow->visit);
  g_clear_pointer (&fellow->colleague, valise_colleague_free);
  g_clear_error (&fellow->problem);
  g_free (fellow->near);
  g_free (fellow);
}

/* Half to whole, so that laptops do not come back together. */
static gint64
jitter (gint64 wait_us)
{
  return wait_us / 2 + (gint64) (g_random_double () * (double) (wait_us / 2));
}

static void plan (ValiseVicinity *self);

static void
visit_in (ValiseVicinity *self, ValiseFellow *fellow, gint64 wait_us)
{
  gint64 due_us = g_get_monotonic_time () + wait_us;

  if (fellow->due_us == 0 || due_us < fellow->due_us)
    fellow->due_us = due_us;
  plan (self);
}

/* --- a visit --------------------------------------------------------------------------------- */

typedef struct
{
  ValiseColleague *colleague;
  char            *address; /* or NULL: where it was last */
} Visit;

static void
free_visit (gpointer data)
{
  Visit *visit = data;

  valise_colleague_free (visit->colleague);
  g_free (visit->address);
  g_free (visit);
}

static gint64
get_seq (ValiseAccount *account, const char *prefix)
{
  g_autoptr (ValiseDatabase) database = valise_vicinity_find_database (account, prefix);
  ValiseDatabaseInfo         info = { 0 };

  return database != NULL && valise_database_get_info (database, &info, NULL) ? info.update_seq : 0;
}

static void
note_visit (ValiseAccount *account, Visit *visit)
{
  ValiseColleague   *colleague = visit->colleague;
  g_autoptr (GError) failure = NULL;

  colleague->reached_us = valise_clock_now ();
  colleague->desk_seq = get_seq (account, "desk-");
  colleague->team_seq = get_seq (account, "team-");
  if (visit->address != NULL)
    {
      g_free (colleague->address);
      colleague->address = valise_colleague_dup_url (visit->address, NULL);
    }
  if (!valise_colleagues_update (account, colleague, &failure))
    g_message ("A visit was not noted: %s", failure->message);
}

static void
visit_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ValiseVicinity                 *self = source;
  Visit                          *visit = task_data;
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseGate)          rules = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  if (self->rules != NULL)
    rules = self->rules (valise_account_get_home (self->account), &error);
  if (error == NULL)
    arrival = valise_colleague_receive (self->account, visit->colleague, visit->address, rules,
                                        cancellable, &error);
  if (arrival == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < arrival->reasons->len; i++)
    g_message ("Refused of a colleague: %s",
               (const char *) g_ptr_array_index (arrival->reasons, i));
  note_visit (self->account, visit);
  g_task_return_int (task, (gssize) MIN (arrival->refused, G_MAXINT));
}

static void
take_failure (ValiseVicinity *self, ValiseFellow *fellow, const GError *error)
{
  /* Who is not who it was will not soon be otherwise; who does not know this laptop may have been
   * asked while it was turning to share. */
  gboolean lasting = g_error_matches (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);

  fellow->reached = FALSE;
  g_clear_error (&fellow->problem);
  fellow->problem = g_error_copy (error);
  if (lasting)
    fellow->backoff_us = BACKOFF_CAP_US;
  visit_in (self, fellow, jitter (fellow->backoff_us));
  fellow->backoff_us = MIN (fellow->backoff_us * 2, BACKOFF_CAP_US);
}

static void
visited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseVicinity    *self = VALISE_VICINITY (source);
  g_autofree char   *key = user_data;
  g_autoptr (GError) error = NULL;
  gssize             refused = g_task_propagate_int (G_TASK (result), &error);
  ValiseFellow      *fellow = g_hash_table_lookup (self->colleagues, key);

  if (self->stopped || fellow == NULL || fellow->visit != g_task_get_cancellable (G_TASK (result)))
    return; /* un-paired meanwhile */
  g_clear_object (&fellow->visit);
  if (error != NULL)
    take_failure (self, fellow, error);
  else
    {
      fellow->reached = TRUE;
      fellow->refused = (guint) refused;
      fellow->backoff_us = BACKOFF_FIRST_US;
      g_clear_error (&fellow->problem);
      visit_in (self, fellow, jitter (REST_US));
      valise_vicinity_read (self);
    }
  valise_vicinity_tell (self);
}

static void
visit (ValiseVicinity *self, ValiseFellow *fellow)
{
  Visit *going = g_new0 (Visit, 1);

  fellow->due_us = 0;
  fellow->asked = FALSE;
  fellow->visit = g_cancellable_new ();
  going->colleague = valise_colleague_copy (fellow->colleague);
  going->address = g_strdup (fellow->near);
  valise_vicinity_run (self, visit_in_thread, going, free_visit, fellow->visit, visited_cb,
                       g_strdup (fellow->colleague->key));
  valise_vicinity_tell (self);
}

/* --- when ------------------------------------------------------------------------------------ */

/* Whether there is somewhere to go, and it may be gone there. */
static gboolean
is_visited (ValiseVicinity *self, const ValiseFellow *fellow)
{
  return fellow->visit == NULL && fellow->due_us > 0
         && (fellow->near != NULL || fellow->colleague->address != NULL)
         && (fellow->asked || valise_vicinity_get_sharing (self));
}

static gboolean
visit_cb (gpointer user_data)
{
  ValiseVicinity *self = user_data;
  gint64          now_us = g_get_monotonic_time ();
  gboolean        may = valise_vicinity_may (self);
  GHashTableIter  iter;
  ValiseFellow   *fellow = NULL;

  self->visit_id = 0;
  g_hash_table_iter_init (&iter, self->colleagues);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &fellow))
    if (is_visited (self, fellow) && fellow->due_us <= now_us)
      {
        if (may || fellow->asked)
          visit (self, fellow);
        else
          fellow->due_us = now_us + REST_US;
      }
  plan (self);
  return G_SOURCE_REMOVE;
}

/* One timer, for who is due first. */
static void
plan (ValiseVicinity *self)
{
  gint64         first_us = G_MAXINT64;
  GHashTableIter iter;
  ValiseFellow  *fellow = NULL;

  g_clear_handle_id (&self->visit_id, g_source_remove);
  g_hash_table_iter_init (&iter, self->colleagues);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &fellow))
    if (is_visited (self, fellow))
      first_us = MIN (first_us, fellow->due_us);
  if (first_us == G_MAXINT64 || self->stopped)
    return;
  self->visit_id = g_timeout_add (
      (guint) CLAMP ((first_us - g_get_monotonic_time ()) / 1000 + 1, 1, G_MAXINT), visit_cb, self);
}

/* One that was not known before. */
void
valise_vicinity_expect (ValiseVicinity *self, ValiseFellow *fellow)
{
  fellow->backoff_us = BACKOFF_FIRST_US;
  visit_in (self, fellow, AT_ONCE_US);
}

void
valise_vicinity_follow_change (ValiseVicinity *self)
{
  GHashTableIter iter;
  ValiseFellow  *fellow = NULL;

  g_hash_table_iter_init (&iter, self->colleagues);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &fellow))
    if (fellow->reached)
      visit_in (self, fellow, SOON_US);
}

void
valise_vicinity_try_all (ValiseVicinity *self)
{
  GHashTableIter iter;
  ValiseFellow  *fellow = NULL;

  g_hash_table_iter_init (&iter, self->colleagues);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &fellow))
    {
      fellow->backoff_us = BACKOFF_FIRST_US;
      visit_in (self, fellow, AT_ONCE_US);
    }
}

void
valise_vicinity_sync (ValiseVicinity *self, const char *key)
{
  GHashTableIter iter;
  ValiseFellow  *fellow = NULL;

  g_return_if_fail (VALISE_IS_VICINITY (self));

  g_hash_table_iter_init (&iter, self->colleagues);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &fellow))
    if (key == NULL || g_str_equal (fellow->colleague->key, key))
      {
        fellow->asked = TRUE;
        fellow->backoff_us = BACKOFF_FIRST_US;
        visit_in (self, fellow, 0);
      }
}

/* Whoever comes near is visited at once. */
void
valise_vicinity_note_nearby (ValiseVicinity *self)
{
  g_autoptr (GPtrArray) laptops = valise_nearby_list (self->nearby);
  GHashTableIter        iter;
  ValiseFellow         *fellow = NULL;

  g_hash_table_iter_init (&iter, self->colleagues);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &fellow))
    {
      const char *address = NULL;

      for (guint i = 0; i < laptops->len && address == NULL; i++)
        {
          const ValiseNearbyLaptop *laptop = g_ptr_array_index (laptops, i);

          if (valise_nearby_laptop_has_key (laptop, fellow->colleague->key))
            address = laptop->address;
        }
      if (g_strcmp0 (address, fellow->near) == 0)
        continue;
      g_free (fellow->near);
      fellow->near = g_strdup (address);
      if (address == NULL)
        continue;
      fellow->backoff_us = BACKOFF_FIRST_US;
      visit_in (self, fellow, AT_ONCE_US);
    }
}
