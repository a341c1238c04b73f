/* valise-vicinity-people.c - who the colleagues are, what waits for each, and who is one no longer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-vicinity"

#include "config.h"

#include <string.h>

#include "valise-home.h"
#include "valise-vicinity-parts.h"
#include "valise-weak.h"

#define FOLLOW_MS 200 /* after a change here, which others may follow */

ValiseDatabase *
valise_vicinity_find_database (ValiseAccount *account, const char *prefix)
{
  const char      *own = valise_account_get_participant (account);
  g_autofree char *name = own != NULL ? g_strconcat (prefix, own, NULL) : NULL;

  return name != NULL
             ? valise_home_get_database (valise_account_get_home (account), name, FALSE, NULL)
             : NULL;
}

/* --- who they are ---------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray      *colleagues; /* (element-type ValiseColleague) */
  GArray         *waiting;    /* (element-type guint64), of each */
  ValiseDatabase *databases[2];
} Reading;

static void
free_reading (gpointer data)
{
  Reading *reading = data;

  g_ptr_array_unref (reading->colleagues);
  g_array_unref (reading->waiting);
  g_clear_object (&reading->databases[0]);
  g_clear_object (&reading->databases[1]);
  g_free (reading);
}

static gboolean
count_cb (const ValiseChange *change, gpointer user_data)
{
  ++*(guint64 *) user_data;
  return TRUE;
}

/* A sequence beyond the end is another file's: then all of it waits. */
static guint64
count_since (ValiseDatabase *database, gint64 since)
{
  ValiseDatabaseInfo info = { 0 };
  gint64             last = 0;
  guint64            count = 0;

  if (database == NULL || !valise_database_get_info (database, &info, NULL))
    return 0;
  valise_database_changes (database, since <= info.update_seq ? since : 0, 0, VALISE_CHANGES_WINNER,
                           count_cb, &count, &last, NULL, NULL);
  return count;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ValiseVicinity *self = source;
  Reading        *reading = g_new0 (Reading, 1);
  const char     *own = valise_account_get_participant (self->account);

  reading->colleagues = valise_colleagues_load (self->account);
  reading->waiting = g_array_new (FALSE, TRUE, sizeof (guint64));
  reading->databases[0] = valise_vicinity_find_database (self->account, "desk-");
  reading->databases[1] = valise_vicinity_find_database (self->account, "team-");
  for (guint i = 0; i < reading->colleagues->len; i++)
    {
      const ValiseColleague *colleague = g_ptr_array_index (reading->colleagues, i);
      guint64                waiting = 0;

      if (own != NULL && g_strcmp0 (colleague->participant, own) == 0)
        waiting = count_since (reading->databases[0], colleague->desk_seq)
                  + count_since (reading->databases[1], colleague->team_seq);
      g_array_append_val (reading->waiting, waiting);
    }
  g_task_return_pointer (task, reading, free_reading);
}

static gboolean
database_changed_cb (gpointer user_data)
{
  g_autoptr (ValiseVicinity) self = g_weak_ref_get (user_data);

  if (self == NULL || self->stopped)
    return G_SOURCE_REMOVE;
  g_atomic_int_set (&self->changed, 0);
  valise_vicinity_follow_change (self);
  valise_vicinity_read (self);
  return G_SOURCE_REMOVE;
}

/* On the thread that wrote; it is told once for many writes. */
static void
written_cb (ValiseDatabase *database, gpointer user_data)
{
  ValiseVicinity *self = user_data;
  GSource        *source = NULL;

  if (!g_atomic_int_compare_and_exchange (&self->changed, 0, 1))
    return;
  source = g_timeout_source_new (FOLLOW_MS);
  g_source_set_callback (source, database_changed_cb, valise_weak_new (self), valise_weak_free);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

/* A database that came while this ran is followed from then on. */
static void
follow_databases (ValiseVicinity *self, Reading *reading)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->databases); i++)
    if (self->databases[i] == NULL && reading->databases[i] != NULL)
      {
        self->databases[i] = g_object_ref (reading->databases[i]);
        self->watches[i] = valise_database_watch (self->databases[i], written_cb, self);
      }
}

static ValiseFellow *
meet (ValiseVicinity *self, const ValiseColleague *colleague)
{
  ValiseFellow *fellow = g_hash_table_lookup (self->colleagues, colleague->key);
  gboolean      known = fellow != NULL;

  if (!known)
    {
      fellow = g_new0 (ValiseFellow, 1);
      g_hash_table_insert (self->colleagues, g_strdup (colleague->key), fellow);
    }
  g_clear_pointer (&fellow->colleague, valise_colleague_free);
  fellow->colleague = valise_colleague_copy (colleague);
  if (!known)
    valise_vicinity_expect (self, fellow);
  return fellow;
}

static gboolean
is_gone (gpointer key, gpointer value, gpointer user_data)
{
  GPtrArray *colleagues = user_data;

  for (guint i = 0; i < colleagues->len; i++)
    if (g_str_equal (((ValiseColleague *) g_ptr_array_index (colleagues, i))->key, key))
      return FALSE;
  return TRUE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseVicinity *self = VALISE_VICINITY (source);
  Reading        *reading = g_task_propagate_pointer (G_TASK (result), NULL);

  self->reading = FALSE;
  if (!self->stopped)
    {
      g_hash_table_foreach_remove (self->colleagues, is_gone, reading->colleagues);
      for (guint i = 0; i < reading->colleagues->len; i++)
        meet (self, g_ptr_array_index (reading->colleagues, i))->waiting =
            g_array_index (reading->waiting, guint64, i);
      follow_databases (self, reading);
      if (self->nearby != NULL)
        valise_vicinity_note_nearby (self);
      valise_vicinity_tell (self);
      if (self->read_again)
        valise_vicinity_read (self);
    }
  free_reading (reading);
}

void
valise_vicinity_read (ValiseVicinity *self)
{
  self->read_again = self->reading;
  if (self->reading || self->stopped)
    return;
  self->reading = TRUE;
  valise_vicinity_run (self, read_in_thread, NULL, NULL, self->cancellable, read_cb, NULL);
}

void
valise_vicinity_leave (ValiseVicinity *self)
{
  g_clear_handle_id (&self->visit_id, g_source_remove);
  for (guint i = 0; i < G_N_ELEMENTS (self->databases); i++)
    {
      if (self->databases[i] != NULL)
        valise_database_unwatch (self->databases[i], self->watches[i]);
      g_clear_object (&self->databases[i]);
    }
  g_hash_table_remove_all (self->colleagues);
}

/* --- for who looks --------------------------------------------------------------------------- */

static void
free_colleague (gpointer data)
{
  ValiseVicinityColleague *colleague = data;

  g_free (colleague->key);
  g_free (colleague->person);
  g_free (colleague->participant);
  g_clear_error (&colleague->problem);
  g_free (colleague);
}

static ValiseVicinityColleague *
describe (const ValiseFellow *fellow)
{
  ValiseVicinityColleague *colleague = g_new0 (ValiseVicinityColleague, 1);

  colleague->key = g_strdup (fellow->colleague->key);
  colleague->person = g_strdup (fellow->colleague->person);
  colleague->participant = g_strdup (fellow->colleague->participant);
  colleague->reached_us = fellow->colleague->reached_us;
  colleague->waiting = fellow->waiting;
  colleague->near = fellow->near != NULL || fellow->reached;
  colleague->busy = fellow->visit != NULL;
  colleague->refused = fellow->refused;
  colleague->problem = fellow->problem != NULL ? g_error_copy (fellow->problem) : NULL;
  return colleague;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const ValiseVicinityColleague *one = *(ValiseVicinityColleague *const *) a;
  const ValiseVicinityColleague *other = *(ValiseVicinityColleague *const *) b;
  int                            by_name = 0;

  if (one->near != other->near)
    return one->near ? -1 : 1;
  by_name = g_utf8_collate (one->person != NULL ? one->person : "",
                            other->person != NULL ? other->person : "");
  return by_name != 0 ? by_name : strcmp (one->key, other->key);
}

GPtrArray *
valise_vicinity_list (ValiseVicinity *self)
{
  GPtrArray     *list = g_ptr_array_new_with_free_func (free_colleague);
  GHashTableIter iter;
  ValiseFellow  *fellow = NULL;

  g_return_val_if_fail (VALISE_IS_VICINITY (self), list);

  g_hash_table_iter_init (&iter, self->colleagues);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &fellow))
    g_ptr_array_add (list, describe (fellow));
  g_ptr_array_sort (list, compare);
  return list;
}

static gboolean
is_known (ValiseVicinity *self, const ValiseNearbyLaptop *laptop)
{
  GHashTableIter iter;
  const char    *key = NULL;

  g_hash_table_iter_init (&iter, self->colleagues);
  while (g_hash_table_iter_next (&iter, (gpointer *) &key, NULL))
    if (valise_nearby_laptop_has_key (laptop, key))
      return TRUE;
  return FALSE;
}

GPtrArray *
valise_vicinity_list_strangers (ValiseVicinity *self)
{
  GPtrArray *list = NULL;

  g_return_val_if_fail (VALISE_IS_VICINITY (self), NULL);

  if (self->nearby == NULL)
    return g_ptr_array_new ();
  list = valise_nearby_list (self->nearby);
  for (guint i = list->len; i-- > 0;)
    if (is_known (self, g_ptr_array_index (list, i)))
      g_ptr_array_remove_index (list, i);
  return list;
}

/* --- un-pairing ------------------------------------------------------------------------------ */

static void
remove_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ValiseVicinity    *self = source;
  g_autoptr (GError) error = NULL;

  if (valise_colleagues_remove (self->account, task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
valise_vicinity_remove_async (ValiseVicinity     *self,
                              const char         *key,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_return_if_fail (VALISE_IS_VICINITY (self) && key != NULL);

  valise_vicinity_run (self, remove_in_thread, g_strdup (key), g_free, NULL, callback, user_data);
}

gboolean
valise_vicinity_remove_finish (ValiseVicinity *self, GAsyncResult *result, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  /* A visit under way ends with its fellow; who is visiting here, with the host. */
  g_hash_table_remove (self->colleagues, g_task_get_task_data (G_TASK (result)));
  if (!self->stopped)
    {
      if (self->host != NULL)
        self->kind->share (self->host, FALSE); /* at once; the new one shares again */
      valise_vicinity_renew_host (self);
      valise_vicinity_read (self);
      valise_vicinity_tell (self);
    }
  return TRUE;
}
