/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-queue"

#include "config.h"

#include <string.h>

#include "valise-file-wishes.h"
#include "valise-id.h"
#include "valise-outgoing.h"
#include "valise-plan-fetch.h"
#include "valise-queue.h"

#define MAX_ITEMS 500 /* of what is sent; more is counted, not listed */

typedef struct
{
  GPtrArray           *items;
  ValiseSyncPhase      phase;
  const ValiseVerdict *verdict;
  gboolean             went; /* something of this kind goes now */
} Listing;

void
valise_queue_item_free (ValiseQueueItem *self)
{
  g_free (self->name);
  g_free (self->title);
  g_free (self->language);
  g_free (self);
}

/* @policy: why it waits by the policy; @moving: whether its kind moves in this phase. */
static ValiseWaitReason
explain (Listing *listing, gboolean held, ValiseWaitReason policy, gboolean moving)
{
  if (held)
    return VALISE_WAIT_HELD;
  if (policy != VALISE_WAIT_NOT)
    return policy;
  if (listing->phase == VALISE_SYNC_WAITING || listing->phase == VALISE_SYNC_STOPPED)
    return VALISE_WAIT_CONNECTION;
  if (!moving || listing->went)
    return VALISE_WAIT_TURN;
  listing->went = TRUE;
  return VALISE_WAIT_NOT;
}

static void
add_outgoing (const char *name, gint64 size, gboolean held, gpointer user_data)
{
  Listing         *listing = user_data;
  ValiseQueueItem *item = NULL;

  if (listing->items->len >= MAX_ITEMS)
    return;
  item = g_new0 (ValiseQueueItem, 1);
  item->kind = VALISE_QUEUE_SEND;
  item->name = g_strdup (name);
  item->title = g_strdup (strchr (name, '/') + 1);
  item->size = (guint64) MAX (size, 0);
  item->documents = 1;
  item->held = held;
  item->wait = explain (listing, held, listing->verdict->send, TRUE);
  g_ptr_array_add (listing->items, item);
}

static void
add_plan (Listing         *listing,
          ValisePlan      *plan,
          ValiseHome      *home,
          ValiseWanted    *wanted,
          ValiseSyncState *state)
{
  ValiseQueueItem *item = g_new0 (ValiseQueueItem, 1);
  guint64          weight = valise_plan_get_weight (plan);
  ValisePlanHere   here = { 0 };

  valise_plan_look (plan, home, &here);
  item->kind = VALISE_QUEUE_PLAN;
  item->name = g_strdup (plan->name);
  item->title = g_strdup (plan->title);
  item->size = valise_sync_state_estimate (state, weight);
  item->here =
      weight > 0 ? (guint64) ((double) item->size * (double) here.weight / (double) weight) : 0;
  item->documents = plan->ids->len;
  item->held = valise_wanted_is_held (wanted, plan->name);
  item->wait = explain (listing, item->held, listing->verdict->text,
                        listing->phase == VALISE_SYNC_RECEIVING);
  g_ptr_array_add (listing->items, item);
}

/* --- files ---------------------------------------------------------------------------------- */

static void
add_file (Listing *listing, const ValiseFileWish *wish)
{
  ValiseQueueItem *item = NULL;

  if (wish->complete || wish->stage == VALISE_WISH_NOT_NOW || listing->items->len >= MAX_ITEMS)
    return;
  item = g_new0 (ValiseQueueItem, 1);
  item->kind = VALISE_QUEUE_FILE;
  item->name = valise_id_for_file (wish->sha256);
  item->title = g_strdup (wish->symbol != NULL ? wish->symbol : wish->name);
  item->language = g_strdup (wish->language);
  item->size = (guint64) MAX (wish->length, 0);
  item->here = (guint64) MAX (wish->present, 0);
  item->held = wish->stage == VALISE_WISH_HELD;
  item->wait =
      explain (listing, item->held, listing->verdict->files, listing->phase == VALISE_SYNC_CURRENT);
  g_ptr_array_add (listing->items, item);
}

/* What cannot be read is not listed; the queue of files itself says why. */
static void
add_files (Listing *listing, ValiseHome *home)
{
  ValiseFileStore      *files = valise_home_get_files (home, NULL);
  g_autoptr (GPtrArray) wishes = files != NULL ? valise_file_wishes_list (files, NULL) : NULL;

  for (guint i = 0; wishes != NULL && i < wishes->len; i++)
    add_file (listing, g_ptr_array_index (wishes, i));
}

GPtrArray *
valise_queue_list (ValiseAccount       *account,
                   ValiseWanted        *wanted,
                   ValiseSyncState     *state,
                   const ValiseVerdict *verdict)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_queue_item_free);
  g_autoptr (GPtrArray)     plans = valise_wanted_list (wanted);
  g_auto (ValiseSyncReport) report = { 0 };
  Listing                   listing = { items, VALISE_SYNC_STOPPED, verdict, FALSE };

  valise_sync_state_report (state, &report);
  listing.phase = report.phase;
  valise_outgoing_list (account, wanted, add_outgoing, &listing);
  listing.went = FALSE;
  for (guint i = 0; i < plans->len; i++)
    add_plan (&listing, g_ptr_array_index (plans, i), valise_account_get_home (account), wanted,
              state);
  add_files (&listing, valise_account_get_home (account));
  return items;
}
