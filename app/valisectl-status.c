/* valisectl-status.c - the command that says how this laptop stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-home.h"
#include "valise-scheduler.h"

#include "valisectl-print.h"
#include "valisectl.h"

#define LIST_MAX 20 /* lines of what waits, for people */

/* One database, or all of them together. */
typedef struct
{
  char  *name;
  gint64 documents; /* those only known among them */
  gint64 absent;    /* known, not here */
} Figures;

typedef struct
{
  gboolean         outwards;
  const char      *kind;
  char            *title; /* as people know it; of a document DATABASE/ID */
  guint64          bytes;
  guint64          moved; /* of them, already */
  ValiseWaitReason wait;
  char            *problem; /* or NULL */
} Waiting;

typedef struct
{
  GPtrArray *databases; /* (element-type Figures) */
  Figures    all;
  GPtrArray *queue;   /* (element-type Waiting) */
  char      *reached; /* when the server was last; NULL: never */
} Standing;

static void
free_figures (gpointer data)
{
  g_free (((Figures *) data)->name);
  g_free (data);
}

static void
clear_standing (Standing *standing)
{
  g_clear_pointer (&standing->databases, g_ptr_array_unref);
  g_clear_pointer (&standing->queue, g_ptr_array_unref);
  g_clear_pointer (&standing->reached, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Standing, clear_standing)

static gboolean
count_databases (ValiseHome *home, Standing *standing, GError **error)
{
  g_auto (GStrv) names = valise_home_list_databases (home);

  standing->databases = g_ptr_array_new_with_free_func (free_figures);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (ValiseDatabase) database = valise_home_get_database (home, names[i], FALSE, error);
      ValiseDatabaseInfo         info = { 0 };
      Figures                   *figures = NULL;

      if (database == NULL || !valise_database_get_info (database, &info, error))
        return FALSE;
      figures = g_new (Figures, 1);
      *figures = (Figures){ g_strdup (names[i]), info.documents, info.absent };
      g_ptr_array_add (standing->databases, figures);
      standing->all.documents += info.documents;
      standing->all.absent += info.absent;
    }
  return TRUE;
}

/* --- what waits ----------------------------------------------------------------------------- */

/* As scripts name the reason, and people; where nothing is against it, it goes with a sync. */
static const struct
{
  const char *name;
  const char *sentence;
} reasons[] = {
  [VALISE_WAIT_NOT] = { "sync", "goes with the next sync" },
  [VALISE_WAIT_TURN] = { "sync", "goes with the next sync" },
  [VALISE_WAIT_CONNECTION] = { "sync", "goes with the next sync" },
  [VALISE_WAIT_HELD] = { "held", "kept back, as you said" },
  [VALISE_WAIT_METERED] = { "metered", "waits for a connection that is not metered" },
  [VALISE_WAIT_BUDGET] = { "budget", "waits for tomorrow: today's bytes are used up" },
  [VALISE_WAIT_HOURS] = { "hours", "waits for the hours in which Valise syncs" },
  [VALISE_WAIT_TEXT_ONLY] = { "text-only", "goes where it was asked for: the policy is text only" },
};

static void
free_waiting (gpointer data)
{
  Waiting *waiting = data;

  g_free (waiting->title);
  g_free (waiting->problem);
  g_free (waiting);
}

/* Documents and texts; the files among them are known better to their own queue. */
static void
gather_documents (ValiseScheduler *scheduler, Standing *standing)
{
  g_autoptr (GPtrArray) items = valise_scheduler_list_queue (scheduler);

  for (guint i = 0; i < items->len; i++)
    {
      const ValiseQueueItem *item = g_ptr_array_index (items, i);
      gboolean               outwards = item->kind == VALISE_QUEUE_SEND;
      Waiting               *waiting = NULL;

      if (item->kind == VALISE_QUEUE_FILE)
        continue;
      waiting = g_new (Waiting, 1);
      *waiting = (Waiting){
        outwards,   outwards ? "document" : "texts", g_strdup (outwards ? item->name : item->title),
        item->size, MIN (item->here, item->size),    item->wait,
        NULL
      };
      g_ptr_array_add (standing->queue, waiting);
    }
}

static ValiseWaitReason
explain_file (ValiseFileItem *item, const ValiseVerdict *verdict)
{
  if (valise_file_item_get_reason (item) == VALISE_FILE_HELD)
    return VALISE_WAIT_HELD;
  if (verdict->files == VALISE_WAIT_TEXT_ONLY && valise_file_item_is_outgoing (item))
    return VALISE_WAIT_NOT;
  return verdict->files;
}

static void
gather_files (ValiseAccount *account, ValiseScheduler *scheduler, Standing *standing)
{
  g_autoptr (ValiseFileQueue) queue = valise_file_queue_for_account (account);
  ValiseVerdict               verdict;

  valise_scheduler_get_verdict (scheduler, &verdict);
  valise_file_queue_flush (queue);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (queue)); i++)
    {
      g_autoptr (ValiseFileItem) item = g_list_model_get_item (G_LIST_MODEL (queue), i);
      const char                *symbol = valise_file_item_get_symbol (item);
      Waiting                   *waiting = g_new (Waiting, 1);

      *waiting = (Waiting){ valise_file_item_is_outgoing (item),
                            "file",
                            g_strdup (symbol != NULL ? symbol : valise_file_item_get_name (item)),
                            (guint64) valise_file_item_get_length (item),
                            (guint64) valise_file_item_get_present (item),
                            explain_file (item, &verdict),
                            g_strdup (valise_file_item_get_problem (item)) };
      g_ptr_array_add (standing->queue, waiting);
    }
}

/* --- as JSON -------------------------------------------------------------------------------- */

static void
add_databases (JsonBuilder *builder, const Standing *standing)
{
  json_builder_set_member_name (builder, "databases");
  json_builder_begin_array (builder);
  for (guint i = 0; i < standing->databases->len; i++)
    {
      const Figures *figures = g_ptr_array_index (standing->databases, i);

      json_builder_begin_object (builder);
      valisectl_add_string (builder, "name", figures->name);
      valisectl_add_int (builder, "documents", figures->documents);
      valisectl_add_int (builder, "absent", figures->absent);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_queue (JsonBuilder *builder, const Standing *standing)
{
  json_builder_set_member_name (builder, "waiting");
  json_builder_begin_array (builder);
  for (guint i = 0; i < standing->queue->len; i++)
    {
      const Waiting *waiting = g_ptr_array_index (standing->queue, i);

      json_builder_begin_object (builder);
      valisectl_add_string (builder, "direction", waiting->outwards ? "out" : "in");
      valisectl_add_string (builder, "kind", waiting->kind);
      valisectl_add_string (builder, "title", waiting->title);
      valisectl_add_int (builder, "bytes", (gint64) waiting->bytes);
      valisectl_add_int (builder, "moved", (gint64) waiting->moved);
      valisectl_add_string (builder, "waits_for", reasons[waiting->wait].name);
      valisectl_add_string (builder, "problem", waiting->problem);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (ValiseAccount *account, const Standing *standing)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (GStrv)          languages = valise_account_dup_languages (account);

  json_builder_begin_object (builder);
  valisectl_add_string (builder, "programme", valise_account_get_programme_name (account));
  valisectl_add_string (builder, "server", valise_account_get_server (account));
  valisectl_add_string (builder, "person", valise_account_get_person (account));
  valisectl_add_string (builder, "participant", valise_account_get_participant (account));
  valisectl_add_string (builder, "role", valise_account_get_role (account));
  valisectl_add_string (builder, "last_reached", standing->reached);
  valisectl_add_int (builder, "documents", standing->all.documents);
  valisectl_add_int (builder, "absent", standing->all.absent);
  valisectl_add_strings (builder, "languages", (const char *const *) languages);
  add_databases (builder, standing);
  add_queue (builder, standing);
  json_builder_end_object (builder);
  valisectl_print_json (builder);
}

/* --- in words ------------------------------------------------------------------------------- */

static void
print_figures (const char *title, const Figures *figures)
{
  g_print ("%s: %" G_GINT64_FORMAT, title, figures->documents - figures->absent);
  if (figures->absent > 0)
    g_print ("; known, not here: %" G_GINT64_FORMAT, figures->absent);
  g_print ("\n");
}

static void
print_waiting (const Waiting *waiting)
{
  g_print ("  %s, ", waiting->title);
  if (waiting->moved > 0)
    g_print ("%" G_GUINT64_FORMAT " of ", waiting->moved);
  g_print ("%" G_GUINT64_FORMAT " bytes: %s\n", waiting->bytes,
           waiting->problem != NULL ? waiting->problem : reasons[waiting->wait].sentence);
}

/* What goes that way. */
static void
print_queue (const GPtrArray *queue, gboolean outwards)
{
  guint   n = 0;
  guint64 bytes = 0;

  for (guint i = 0; i < queue->len; i++)
    {
      const Waiting *waiting = g_ptr_array_index (queue, i);

      n += waiting->outwards == outwards;
      bytes += waiting->outwards == outwards ? waiting->bytes - waiting->moved : 0;
    }
  g_print ("%s: ", outwards ? "Waiting to be sent" : "Waiting to be fetched");
  if (n > 0)
    g_print ("%u, %" G_GUINT64_FORMAT " bytes\n", n, bytes);
  else
    g_print ("nothing\n");
  for (guint i = 0, listed = 0; i < queue->len && listed < LIST_MAX; i++)
    if (((const Waiting *) g_ptr_array_index (queue, i))->outwards == outwards)
      {
        print_waiting (g_ptr_array_index (queue, i));
        listed++;
      }
  if (n > LIST_MAX)
    g_print ("  and %u more\n", n - LIST_MAX);
}

static void
print_words (ValiseAccount *account, const Standing *standing)
{
  g_print ("%s\n%s, %s\n", valise_account_get_programme_name (account),
           valise_account_get_person (account), valise_account_get_role (account));
  g_print ("Last reached: %s\n", standing->reached != NULL ? standing->reached : "never");
  print_figures ("Documents here", &standing->all);
  for (guint i = 0; i < standing->databases->len; i++)
    {
      const Figures   *figures = g_ptr_array_index (standing->databases, i);
      g_autofree char *title = g_strconcat ("  ", figures->name, NULL);

      print_figures (title, figures);
    }
  print_queue (standing->queue, TRUE);
  print_queue (standing->queue, FALSE);
}

int
valisectl_run_status (void)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = valisectl_open_account (&error);
  g_autoptr (ValiseScheduler) scheduler = NULL;
  g_auto (Standing)           standing = { 0 };
  int                         status = EXIT_SUCCESS;

  if (account == NULL)
    return valisectl_fail (error);
  scheduler = valise_scheduler_new (account);
  standing.queue = g_ptr_array_new_with_free_func (free_waiting);
  gather_documents (scheduler, &standing);
  gather_files (account, scheduler, &standing);
  if (valise_scheduler_get_last_reached (scheduler) > 0)
    standing.reached = valise_clock_format (valise_scheduler_get_last_reached (scheduler));
  if (!count_databases (valise_account_get_home (account), &standing, &error))
    status = valisectl_fail (error);
  else if (valisectl_options.json)
    print_json (account, &standing);
  else
    print_words (account, &standing);
  g_clear_object (&scheduler);
  valise_account_close (account);
  return status;
}
