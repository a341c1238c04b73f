/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-plan-fetch"

#include "config.h"

#include "valise-plan-fetch.h"

static gboolean
look_cb (const ValiseChange *change, gpointer user_data)
{
  gboolean *here = user_data;

  *here = change->here;
  return FALSE;
}

static gboolean
is_here (ValiseDatabase *database, const char *id)
{
  gboolean here = FALSE;

  return valise_database_list (database, id, id, 1, VALISE_CHANGES_WINNER, look_cb, &here, NULL)
         && here;
}

/* Sorts @plan into what is here, which it sums, and what is absent: (nullable) ids, and its
 * weight. */
static void
sort_plan (const ValisePlan *plan,
           ValiseHome       *home,
           ValisePlanHere   *here,
           GStrvBuilder     *ids,
           guint64          *weight_left)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (home, plan->database, FALSE, NULL);

  for (guint i = 0; database != NULL && i < plan->ids->len; i++)
    {
      const char *id = g_ptr_array_index (plan->ids, i);
      guint64     weight = valise_plan_weigh (id, g_array_index (plan->sizes, gint64, i));

      if (is_here (database, id))
        {
          here->documents++;
          here->weight += weight;
          continue;
        }
      if (ids != NULL)
        g_strv_builder_add (ids, id);
      *weight_left += weight;
    }
}

void
valise_plan_look (const ValisePlan *plan, ValiseHome *home, ValisePlanHere *here)
{
  guint64 absent = 0;

  *here = (ValisePlanHere){ 0 };
  sort_plan (plan, home, here, NULL, &absent);
}

gboolean
valise_plan_fetch (const ValisePlan *plan,
                   ValiseHome       *home,
                   ValiseReplicator *replicator,
                   ValisePlanCost   *cost,
                   GCancellable     *cancellable,
                   GError          **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv)           ids = NULL;
  ValisePlanHere           here = { 0 };
  ValiseProgress           progress = { 0 };
  gboolean                 ok = FALSE;

  *cost = (ValisePlanCost){ 0 };
  sort_plan (plan, home, &here, builder, &cost->weight);
  ids = g_strv_builder_end (builder);
  if (ids[0] == NULL)
    return TRUE;
  ok = valise_replicator_fetch (replicator, (const char *const *) ids, cancellable, error);
  valise_replicator_get_progress (replicator, &progress);
  cost->received = progress.received;
  cost->sent = progress.sent;
  return ok;
}
