/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-travel-order"

#include "config.h"

#include <string.h>

#include "valise-travel-order.h"

/* The databases that papers are in. */
static const char *const databases[] = { "public", "states" };

guint64
valise_travel_order_weigh_part (const ValiseTravelOrder *order,
                                ValiseScheduler         *scheduler,
                                ValiseTravelPart         part)
{
  const GPtrArray *texts = order->travel->needs[part].texts;
  guint64          weight = 0;

  for (guint i = 0; i < texts->len; i++)
    {
      const ValiseTravelText *text = g_ptr_array_index (texts, i);

      weight += valise_plan_weigh (text->id, text->size);
    }
  return valise_scheduler_estimate (scheduler, weight);
}

static guint64
get_absent (ValiseScheduler *scheduler, ValisePaperFile *file)
{
  guint64 length = (guint64) MAX (valise_paper_file_get_length (file), 0);
  guint64 present =
      valise_scheduler_get_file_present (scheduler, valise_paper_file_get_sha256 (file));

  return length - MIN (present, length);
}

guint64
valise_travel_order_weigh_files (const ValiseTravelOrder *order,
                                 ValiseScheduler         *scheduler,
                                 guint                   *n_absent)
{
  guint64 sum = 0;

  *n_absent = 0;
  for (guint i = 0; i < order->travel->files->len; i++)
    {
      guint64 absent = get_absent (scheduler, g_ptr_array_index (order->travel->files, i));

      *n_absent += absent > 0;
      sum += absent;
    }
  return sum;
}

guint64
valise_travel_order_weigh (const ValiseTravelOrder *order, ValiseScheduler *scheduler)
{
  guint64 sum = 0;
  guint   n_absent = 0;

  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    if (order->parts[part])
      sum += valise_travel_order_weigh_part (order, scheduler, part);
  if (order->files)
    sum += valise_travel_order_weigh_files (order, scheduler, &n_absent);
  return sum;
}

static ValisePlan *
make_plan (const ValiseTravelOrder *order, const char *database)
{
  g_autofree char *name = g_strconcat (order->travel->meeting, "@", database, NULL);
  ValisePlan      *plan = valise_plan_new (name, order->travel->title, database);

  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    for (guint i = 0; order->parts[part] && i < order->travel->needs[part].texts->len; i++)
      {
        const ValiseTravelText *text = g_ptr_array_index (order->travel->needs[part].texts, i);

        if (strcmp (text->database, database) == 0)
          valise_plan_add (plan, text->id, text->size);
      }
  return plan;
}

static void
want_files (const ValiseTravelOrder *order, ValiseScheduler *scheduler)
{
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (ValiseFileWanted));

  for (guint i = 0; i < order->travel->files->len; i++)
    {
      ValisePaperFile       *file = g_ptr_array_index (order->travel->files, i);
      const ValiseFileWanted one = {
        valise_paper_file_get_sha256 (file),  valise_paper_file_get_database (file),
        valise_paper_file_get_name (file),    valise_paper_file_get_symbol (file),
        valise_paper_file_get_meeting (file), valise_paper_file_get_language (file),
        valise_paper_file_get_length (file)
      };

      if (get_absent (scheduler, file) > 0)
        g_array_append_val (wanted, one);
    }
  valise_scheduler_want_files (scheduler, (const ValiseFileWanted *) (void *) wanted->data,
                               wanted->len);
}

void
valise_travel_order_place (const ValiseTravelOrder *order, ValiseScheduler *scheduler)
{
  if (order->files)
    want_files (order, scheduler);
  for (guint i = 0; i < G_N_ELEMENTS (databases); i++)
    {
      g_autoptr (ValisePlan) plan = make_plan (order, databases[i]);

      valise_scheduler_put_plan (scheduler, plan);
    }
}
